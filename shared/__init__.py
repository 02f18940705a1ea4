"""What two services or more share (see README.md)."""
