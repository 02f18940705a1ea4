"""All SQL of the gateway: one module a table. One statement a call, each its own transaction."""
