"""Who answers what: one desk a kind of request. `answering.py` calls them and keeps the order of invariant 1."""
