"""One rule a module: `refuse(facts)` gives a refusal or None.

A new rule is a new module, its row in `shared.gate.order` and its test module under `tests/unit/gate`.
"""
