"""PostgreSQL: engines, the raw connection for bulk work, which errors pass by themselves, and migrations."""
