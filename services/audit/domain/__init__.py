"""The pure core of the log: hashes, notes, leaves, freshness and their verification. No I/O, no clock."""
