"""How services meet: topics, sealed and signed messages, the consumer loop, the outbox, request and reply."""
