"""Everything in an order in which the agreements service accepts it, as records and as JSON lines."""

from collections.abc import Callable, Iterator

from deploy.demo.agreements.accounts import LOCKED_WORKER, users
from deploy.demo.agreements.colleagues import colleagues
from deploy.demo.agreements.contracts import LATE_PARTIES, agreements, first_version
from deploy.demo.agreements.named import DEMO_WORKERS, demo_worker
from deploy.demo.agreements.parties import agreement_id, business_id, organisations
from deploy.demo.agreements.paths import paths_after_agreements, paths_before_agreements
from deploy.demo.agreements.responsibilities import delegations, first_delegations, responsibilities
from deploy.demo.agreements.workers import DemoWorker, Grant
from shared.contracts.agreements import (
    AgreementChanged,
    AgreementsRecord,
    DelegationChanged,
    MandateChanged,
    PopulationStated,
)
from shared.finnish.municipalities import municipalities

Pseudonym = Callable[[str], str]
"""Turns an identity code into the worker's pseudonym: `shared.ids.pseudonym` with its key and label."""
Seeded = tuple[str, AgreementsRecord]
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
    yield from (("organisation", one) for one in organisations())
    yield from (("path", one) for one in paths_before_agreements())
    yield from (("agreement", one) for one in _first_agreements())
    yield from (("path", one) for one in paths_after_agreements())
    yield from (("responsibility", one) for one in responsibilities())
    yield from (("delegation", one) for one in first_delegations())
    yield from (("mandate", one) for one in _mandates(pseudonym, number, left_over=True))
    yield from (("agreement", one) for one in _later_agreements())
    yield from (("delegation", one) for one in _later_delegations())
    yield from (("mandate", one) for one in _mandates(pseudonym, number, left_over=False))
    yield from (("user", one) for one in users(pseudonym(_code_of(LOCKED_WORKER, number))))
    yield from (("population", one) for one in _populations())


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


def _later_delegations() -> Iterator[DelegationChanged]:
    ended = {one.id for one in first_delegations()}
    for delegation in delegations():
        yield delegation.model_copy(update={"version": 2}) if delegation.id in ended else delegation


def _code_of(key: str, number: int) -> str:
    code = demo_worker(key).identity_code(number)
    if code is None:
        raise ValueError(f"{key} is a sub-ID")
    return code


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
