"""What a witness decides and signs. No I/O, no clock."""
