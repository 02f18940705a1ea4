"""The demonstration's organisations, agreements, mandates, workers and population: a pure, repeatable seed.

`seed` yields every record in an order in which the agreements service accepts it; `json_lines` writes them as
`kelmu agreements load` reads them. Municipalities, names and population are real and sourced (README of
`shared/finnish`); business ids, accounts, people and every limit of an agreement are invented.
"""

from deploy.demo.agreements.bearers import Era, eras
from deploy.demo.agreements.interface import INTERFACE_CLIENT, INTERFACE_TOKEN
from deploy.demo.agreements.joint_authorities import JOINT_AUTHORITIES, JointAuthority
from deploy.demo.agreements.named import DEMO_WORKERS, demo_worker
from deploy.demo.agreements.odd_ones import ODD_ONES, OddOne
from deploy.demo.agreements.parties import business_id
from deploy.demo.agreements.seed import Pseudonym, Seeded, json_lines, seed, workers
from deploy.demo.agreements.workers import DemoWorker, Grant

__all__ = [
    "DEMO_WORKERS",
    "INTERFACE_CLIENT",
    "INTERFACE_TOKEN",
    "JOINT_AUTHORITIES",
    "ODD_ONES",
    "DemoWorker",
    "Era",
    "Grant",
    "JointAuthority",
    "OddOne",
    "Pseudonym",
    "Seeded",
    "business_id",
    "demo_worker",
    "eras",
    "json_lines",
    "seed",
    "workers",
]
