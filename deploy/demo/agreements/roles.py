"""One named worker for each role, as `make up` and the development sign-in introduce them."""

from collections.abc import Iterator, Mapping
from typing import Final

from deploy.demo.agreements.named import demo_worker
from deploy.demo.agreements.workers import DemoWorker
from shared.contracts.base import Role

CITIZEN: Final = "citizen"
SHOWN_BY: Final[Mapping[str, str]] = {
    Role.VIEWER: "viewer",
    Role.FEE_CLERK: "tampere_colleague",
    Role.ASSISTANCE_HANDLER: "tampere",
    Role.MAINTENANCE_OFFICER: "maintenance",
    Role.LABOUR_MARKET_HANDLER: "labour_market",
    Role.NOTICE_HANDLER: "notices",
    Role.EMERGENCY_WORKER: "emergency",
    Role.PROTECTED_DATA_HANDLER: "protected",
    Role.BILLING_CLERK: "billing_clerk",
    Role.MAIN_USER: "main_user_tampere",
    Role.LOG_SUPERVISOR: "log_supervisor_tampere",
    Role.AGREEMENT_OFFICER: "officer",
    Role.CLAIM_HANDLER: "claim_handler",
    Role.AUDITOR: "auditor",
    CITIZEN: "citizen",
}
"""Key of the worker by role; a citizen has no role, and reads the log of their own data."""


def shown_by_role() -> Iterator[tuple[str, DemoWorker]]:
    """Each role with whoever shows it, in the order of the roles."""
    for role, key in SHOWN_BY.items():
        yield role, demo_worker(key)


def role_lines() -> str:
    """One line a role: the role, the name to sign in with, what the person is good for."""
    rows = [(str(role).replace("_", " "), worker.name, worker.shows) for role, worker in shown_by_role()]
    widest = [max(len(row[column]) for row in rows) for column in (0, 1)]
    return "\n".join(f"  {role:{widest[0]}}  {name:{widest[1]}}  {shows}" for role, name, shows in rows)
