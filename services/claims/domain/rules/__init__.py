"""One rule a module: `refuse(facts)` gives a refusal or None. Their order stands in `order.py`.

A new rule is a new module, its row in `order.py` and its test under `tests/unit/claims/rules`. No refusal
repeats what was typed: an identity code typed into a wrong field must not come back in a stored text.
"""
