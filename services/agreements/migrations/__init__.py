"""Schema of the agreements database."""
