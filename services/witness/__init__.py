"""The witness: signs what the log has signed, once it has seen that the log only grows."""
