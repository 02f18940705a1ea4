"""Pure decisions of lookup: what of a client's records is shown, and what the log is told."""
