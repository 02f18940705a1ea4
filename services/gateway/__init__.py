"""The gateway: where people and their systems meet Kelmu. Sessions, pages and the JSON API; nothing else."""
