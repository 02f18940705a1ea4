"""A synthetic benefit register: invented households, their benefits and two years of payments, from a seed.

Every identity code is artificial (individual number 900-999), so no real person can be meant. The same seed gives
the same register. Households, benefits and their amounts are tables under `data/`; add a row to add a case.
"""

from deploy.demo.register.generator import Dossier, Record, generate
from deploy.demo.register.spells import Window

__all__ = ["Dossier", "Record", "Window", "generate"]
