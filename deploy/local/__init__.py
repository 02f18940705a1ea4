"""Real Kafka and PostgreSQL as plain processes, and Kelmu's services on them. See `deploy.local.stack`."""
