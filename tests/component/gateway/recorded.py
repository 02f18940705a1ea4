"""Bodies of records as the agreements service answers them, each naming what a test looks for on the page."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from shared.contracts.agreements import AgreementPath, MandateChanged, Member, UserChanged
from shared.contracts.base import Contract, Purpose, Role, Validity
from shared.ids import pseudonym
from tests.component.gateway.world import KEY, LEENA, TAMPERE
from tests.harness.agreed import agreed

ALWAYS: Final = Validity(first=date(2016, 1, 1))
WORKER: Final = pseudonym(KEY, "worker", LEENA)


def recorded(kind: str, name: str) -> str:
    """The JSON of version 1 of a record of this kind that holds the name somewhere."""
    return records(name).get(kind, path(name)).model_dump_json()


def path(name: str) -> AgreementPath:
    return AgreementPath(id="P-1", version=1, party=TAMPERE, step="requested", municipalities=("837",), law=name)


def records(name: str) -> Mapping[str, Contract]:
    return {
        "agreement": agreed(
            id="A-1",
            party=TAMPERE,
            validity=ALWAYS,
            law=name,
            purposes=(Purpose.VERIFY,),
            members=(Member(municipality="837", validity=ALWAYS),),
        ),
        "mandate": MandateChanged(
            id=name,
            version=1,
            worker=WORKER,
            organisation=TAMPERE,
            member="837",
            roles=(Role.VIEWER,),
            validity=ALWAYS,
        ),
        "user": UserChanged(
            id=f"{TAMPERE}/{WORKER}",
            version=1,
            worker=WORKER,
            organisation=TAMPERE,
            status="active",
            why="opened",
            since=ALWAYS.first,
        ),
    }
