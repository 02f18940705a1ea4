"""The access gate: who may do what, for which municipality, for which purpose, and why not.

Pure: the facts are gathered before (`shared.directory.facts`), no rule does I/O or reads a clock. Each rule
is one small function in a module of its own under `rules/`; `order.py` holds all of them in one ordered list,
and the first refusal wins. What is not known refuses: a missing fact never passes (invariant 6).
"""
