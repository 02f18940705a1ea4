"""The verifiable access log: what happened, in an order that nobody can change unseen."""
