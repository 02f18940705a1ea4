"""A full country for measuring: the seed's organisations and as many workers as wanted, each with mandate and account.

Nobody of the crowd has an identity code: the pseudonyms are made of the number alone and belong to nobody.
"""

import base64
import hashlib
from collections.abc import Iterator
from typing import Final

from deploy.demo.agreements.bearers import eras
from deploy.demo.agreements.joint_authorities import BEGINNING
from deploy.demo.agreements.parties import business_id
from deploy.demo.agreements.seed import seed
from shared.contracts.agreements import AgreementsRecord, MandateChanged, UserChanged
from shared.contracts.base import Pseudonym, Role, Validity
from shared.finnish.municipalities import FIRST_DAY_OF_MERGERS, existing_on

_WORKERS_OWN: Final = frozenset({"mandate", "user"})


def country(users: int) -> Iterator[AgreementsRecord]:
    """Yield what `agreements.events` holds of a country of 311 municipalities and so many users.

    Args:
        users: How many workers, spread evenly over the municipalities.
    """
    yield from (record for kind, record in seed(_nobody) if kind not in _WORKERS_OWN)
    codes = [municipality.code for municipality in existing_on(FIRST_DAY_OF_MERGERS)]
    last = {code: eras(code)[-1] for code in codes}
    for number in range(users):
        code = codes[number % len(codes)]
        worker, organisation = _pseudonym(number), business_id(last[code].party)
        yield MandateChanged(
            id=f"V-{number:06}",
            version=1,
            worker=worker,
            organisation=organisation,
            member=code,
            roles=(Role.FEE_CLERK, Role.ASSISTANCE_HANDLER),
            validity=Validity(first=max(FIRST_DAY_OF_MERGERS, last[code].days.first)),
        )
        yield UserChanged(
            id=f"{organisation}/{worker}",
            version=1,
            worker=worker,
            organisation=organisation,
            status="active",
            why="opened",
            since=BEGINNING,
        )


def _pseudonym(number: int) -> Pseudonym:
    digest = hashlib.sha256(str(number).encode()).digest()
    return "v1." + base64.b32encode(digest).decode().lower()[:26]


def _nobody(code: str) -> Pseudonym:
    return _pseudonym(-len(code))
