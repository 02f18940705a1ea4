"""The rules of each kind of record: small pure functions, `None` when the record is in order."""
