"""What decides about payment claims (maksuvaatimus): pure, without I/O and without a clock."""
