"""What the service decides: which record is which, who bears whom, which change is accepted. Pure."""
