"""Everything in an order in which the agreements service accepts it, as records and as JSON lines."""

from collections.abc import Callable, Iterator

from deploy.demo.agreements.colleagues import colleagues
from deploy.demo.agreements.contracts import LATE_PARTIES, agreements, first_version
from deploy.demo.agreements.named import DEMO_WORKERS
from deploy.demo.agreements.parties import agreement_id, business_id, organisations
from deploy.demo.agreements.workers import DemoWorker, Grant
from shared.contracts.agreements import (
    AgreementChanged,
    MandateChanged,
    OrganisationChanged,
    PopulationStated,
)
from shared.finnish.municipalities import municipalities

Pseudonym = Callable[[str], str]
"""Turns an identity code into the worker's pseudonym: `shared.ids.pseudonym` with its key and label."""
Record = OrganisationChanged | AgreementChanged | MandateChanged | PopulationStated
Seeded = tuple[str, Record]
"""Kind and record."""


def workers() -> Iterator[DemoWorker]:
    """Everybody: the named ones, then the generated colleagues."""
    yield from DEMO_WORKERS
    yield from colleagues()


def seed(pseudonym: Pseudonym, *, number: int = 1) -> Iterator[Seeded]:
    """Yield every record of the demonstration, each acceptable after those before it.

    Args:
        pseudonym: How a worker's identity code becomes a pseudonym.
        number: Another number gives everybody another identity code and changes nothing else.
    """
    for organisation in organisations():
        yield "organisation", organisation
    for agreement in _first_agreements():
        yield "agreement", agreement
    for mandate in _mandates(pseudonym, number, left_over=True):
        yield "mandate", mandate
    for agreement in _later_agreements():
        yield "agreement", agreement
    for mandate in _mandates(pseudonym, number, left_over=False):
        yield "mandate", mandate
    for stated in _populations():
        yield "population", stated


def json_lines(records: Iterator[Seeded]) -> Iterator[str]:
    """Write records as `kelmu agreements load` reads them, one a line, without line ends."""
    for kind, record in records:
        yield f'{{"kind":"{kind}","body":{record.model_dump_json()}}}'


def _first_agreements() -> Iterator[AgreementChanged]:
    late = {agreement_id(party) for party in LATE_PARTIES}
    for agreement in agreements():
        if agreement.id not in late:
            yield first_version(agreement) or agreement


def _later_agreements() -> Iterator[AgreementChanged]:
    late = {agreement_id(party) for party in LATE_PARTIES}
    made = list(agreements())
    for agreement in made:
        if first_version(agreement) is not None:
            yield agreement.model_copy(update={"version": 2})
    yield from (agreement for agreement in made if agreement.id in late)


def _mandates(pseudonym: Pseudonym, number: int, *, left_over: bool) -> Iterator[MandateChanged]:
    for worker in workers():
        code = worker.identity_code(number)
        for position, grant in enumerate(worker.grants, start=1):
            if grant.left_over == left_over and code is not None:
                yield _mandate(f"V-{worker.ordinal:04d}-{position}", pseudonym(code), grant)


def _mandate(mandate_id: str, worker: str, grant: Grant) -> MandateChanged:
    return MandateChanged(
        id=mandate_id,
        version=1,
        worker=worker,
        organisation=business_id(grant.party),
        member=grant.member,
        roles=grant.roles,
        validity=grant.days,
    )


def _populations() -> Iterator[PopulationStated]:
    for municipality in municipalities().values():
        for year_end, inhabitants in municipality.populations.items():
            yield PopulationStated(
                municipality=municipality.code, year_end=year_end, version=1, inhabitants=inhabitants
            )
