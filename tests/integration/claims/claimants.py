"""Who claims in tests: organisations with their agreements, and one worker of theirs."""

from dataclasses import dataclass
from datetime import date

from shared.contracts.agreements import (
    Account,
    Bearer,
    DelegationChanged,
    MandateChanged,
    Member,
    OrganisationChanged,
    ResponsibilityChanged,
    UserChanged,
)
from shared.contracts.base import Contract, DataGroup, Purpose, Role, Validity
from shared.ids import pseudonym
from tests.harness.agreed import agreed

WORKER = "010180-9015"


@dataclass(frozen=True)
class Claimant:
    """A claimant: an organisation with its agreement and one worker.

    `joint` makes it a joint municipal authority (kuntayhtymä): the municipality has delegated to it. `stated` is the
    version of who bears the municipality: higher than what other tests on the same broker have told of it.
    """

    organisation: str
    member: str
    joint: bool = False
    role: Role = Role.ASSISTANCE_HANDLER
    worker: str = WORKER
    stated: int = 1

    def events(self, key: bytes) -> list[Contract]:
        since = Validity(first=date(2016, 1, 1))
        worker = pseudonym(key, "worker", self.worker)
        return [
            OrganisationChanged(
                business_id=self.organisation,
                version=1,
                kind="joint_authority" if self.joint else "municipality",
                municipality=None if self.joint else self.member,
                name_fi="Kunta",
                name_sv="Kommun",
            ),
            agreed(
                id=f"A-{self.organisation}",
                party=self.organisation,
                validity=since,
                purposes=tuple(Purpose),
                data_groups=tuple(DataGroup),
                members=(Member(municipality=self.member, validity=since),),
                accounts=(Account(id="acc-1", iban="FI2112345600000785", confirmed=True),),
            ),
            MandateChanged(
                id=f"M-{self.organisation}-{self.worker[-4:]}",
                version=1,
                worker=worker,
                organisation=self.organisation,
                member=self.member,
                roles=(self.role,),
                validity=since,
            ),
            ResponsibilityChanged(
                municipality=self.member,
                version=self.stated,
                bearers=(
                    Bearer(
                        organisation=self.organisation,
                        form="joint_authority" if self.joint else "own",
                        validity=since,
                    ),
                ),
            ),
            UserChanged(
                id=f"{self.organisation}/{worker}",
                version=1,
                worker=worker,
                organisation=self.organisation,
                status="active",
                why="opened",
                since=since.first,
            ),
            *(
                [
                    DelegationChanged(
                        id=f"DE-{self.member}",
                        version=1,
                        principal=self.member,
                        agent=self.organisation,
                        validity=since,
                    )
                ]
                if self.joint
                else []
            ),
        ]


KUOPIO, TAMPERE = Claimant("0171450-7", "297"), Claimant("0211675-2", "837")
SIUN_SOTE = Claimant("2763264-2", "167", joint=True)
"""A joint authority that bears Joensuu's social welfare."""
KELA = Claimant("0246246-0", "091", role=Role.CLAIM_HANDLER)
