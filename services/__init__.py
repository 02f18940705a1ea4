"""The services, each its own process, database and role."""
