"""The named workers as the development sign-in reads them."""

import json

from deploy.demo.agreements.named import DEMO_WORKERS
from deploy.demo.agreements.roles import shown_by_role


def sign_in_table(*, number: int = 1) -> str:
    """Return the JSON table of people for `deploy.devidp`: name, artificial identity code, organisation, role, note."""
    roles = {worker.key: str(role).replace("_", " ") for role, worker in shown_by_role()}
    people = [
        {
            "name": worker.name,
            "identity_code": worker.identity_code(number),
            "organisation": None if worker.citizen else worker.organisation,
            "role": roles.get(worker.key, ""),
            "note": worker.shows,
        }
        for worker in DEMO_WORKERS
    ]
    return json.dumps(people, ensure_ascii=False, indent=2)
