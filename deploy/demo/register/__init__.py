"""A synthetic benefit register: invented households, their benefits and two years of payments, from a seed.

Every identity code is artificial (individual number 900-999), so no real person can be meant. The same seed gives
the same register. Households, benefits, their amounts, notices and the people that stories need are tables under
`data/`; add a row to add a case.
"""

from deploy.demo.register.casting import Cast, cast, ordinary
from deploy.demo.register.extras import demo_relatives
from deploy.demo.register.generator import Dossier, Record, generate
from deploy.demo.register.spells import Window

__all__ = ["Cast", "Dossier", "Record", "Window", "cast", "demo_relatives", "generate", "ordinary"]
