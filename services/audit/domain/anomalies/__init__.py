"""Anomalies (poikkeamat): explained rules over the log's entries. One module a rule; `rules.py` holds their order.

A finding accuses nobody. It says which rule, which figures against which limits, and which entries show it, so that
a log supervisor can look and close it with a reason.

The log knows no client's name, address or family, and must not: names would make it a second register. That persons
share a surname or an address is told by keyed hashes in the sealed part of what lookup showed. `many_of_one_case`
counts clients looked up with the same case reference.
"""
