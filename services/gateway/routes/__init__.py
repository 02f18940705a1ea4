"""What the gateway answers, by area. Each handler reads, asks, and shows; it decides nothing."""
