"""The named workers as the development sign-in reads them."""

import json

from deploy.demo.agreements.named import DEMO_WORKERS


def sign_in_table(*, number: int = 1) -> str:
    """Return the JSON table of people for `deploy.devidp`: name, artificial identity code, organisation, note."""
    people = [
        {
            "name": worker.name,
            "identity_code": worker.identity_code(number),
            "organisation": None if worker.citizen else worker.organisation,
            "note": worker.shows,
        }
        for worker in DEMO_WORKERS
    ]
    return json.dumps(people, ensure_ascii=False, indent=2)
