"""How Kelmu is run: on one machine, in containers, in a cluster."""
