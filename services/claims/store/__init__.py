"""All SQL of the claims service. Nothing here commits: the consumer loop does, with offset, inbox and outbox.

`claims.py`: claims and their steps, and the client's lock. `registrations.py`: what came of an idempotency key.
`facts.py`: what the rules of a registration ask of the register. `register.py`: what allocation needs of `register.*`
and `claims.kela`. `books.py`: how payments were shared out.
"""
