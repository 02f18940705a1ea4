"""What somebody with a right of their own tries beyond it: each is refused, told, and leaves everybody else served."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from services.claims.app import REGISTER
from shared.bus.topics import CLAIMS_KELA
from shared.contracts.agreements import Bearer, DelegationChanged, MandateChanged, Member, ResponsibilityChanged
from shared.contracts.answers import ClaimReceipt, Failed
from shared.contracts.asking import ClaimQuery, ClaimStatusQuery
from shared.contracts.base import DataGroup, Purpose, Role, Validity
from shared.ids import pseudonym
from tests.harness.agreed import agreed
from tests.harness.consuming import private, rig
from tests.integration.claims.claimants import SIUN_SOTE, WORKER, Claimant
from tests.integration.claims.desk import claim
from tests.integration.claims.office import Office, Room, code_of, registered
from tests.integration.claims.test_desk_work import BOSS, TAKER, give
from tests.integration.claims.upstream import Upstream, books

SINCE = Validity(first=date(2016, 1, 1))
JUUKA = Claimant(SIUN_SOTE.organisation, "176", joint=True)
"""Another municipality of the same joint authority, for which another of its workers has the mandate."""


@pytest.fixture
def colleagues() -> Sequence[Claimant]:
    return (BOSS, TAKER)


def joined(office: Office) -> None:
    """The joint authority bears both municipalities by one agreement; the worker has a mandate for each."""
    organisation, worker = SIUN_SOTE.organisation, pseudonym(office.pseudonym_key, "worker", WORKER)
    bearer = Bearer(organisation=organisation, form="joint_authority", validity=SINCE)
    members = tuple(Member(municipality=body.member, validity=SINCE) for body in (SIUN_SOTE, JUUKA))
    usual = next(one for one in SIUN_SOTE.events(office.pseudonym_key) if getattr(one, "accounts", ()))
    for event in (
        agreed(
            id=f"A-{organisation}", party=organisation, validity=SINCE, version=2, members=members,
            purposes=tuple(Purpose), data_groups=tuple(DataGroup), accounts=getattr(usual, "accounts", ()),
        ),
        MandateChanged(
            id="M-JUUKA", version=1, worker=worker, organisation=organisation, member=JUUKA.member,
            roles=(Role.ASSISTANCE_HANDLER,), validity=SINCE,
        ),
        ResponsibilityChanged(municipality=JUUKA.member, version=1, bearers=(bearer,)),
        DelegationChanged(
            id="DE-JUUKA", version=1, principal=JUUKA.member, agent=organisation, validity=SINCE
        ),
    ):  # fmt: skip
        office.directory.apply(event)


async def test_given_one_authority_for_two_municipalities_then_the_key_of_one_tells_nothing_to_the_other(
    room: Room,
) -> None:
    office, open_ = room
    joined(office)
    sent = claim()
    receipt = await open_.ask(sent, by=SIUN_SOTE)
    assert isinstance(receipt, ClaimReceipt), receipt
    asked = ClaimStatusQuery(idempotency_key=sent.idempotency_key)
    assert isinstance(await open_.ask(asked, by=SIUN_SOTE), ClaimReceipt)
    assert isinstance(await open_.ask(asked, by=JUUKA), Failed)
    assert code_of(await open_.ask(sent, by=JUUKA)) == "claim.idempotency_key"
    assert code_of(await open_.ask(ClaimQuery(number=receipt.number), by=JUUKA)) == "claims.unknown"


async def test_given_a_hand_over_of_numbers_that_no_database_stores_then_refused_and_nothing_is_quarantined(
    room: Room,
) -> None:
    _, open_ = room
    await registered(open_)
    for absurd in ("\0", "MV-2016-\0", "%"):
        assert code_of(await open_.ask(give(numbers=(absurd,)), by=BOSS)) == "claims.unknown"
    assert await open_.rig.scalar("select count(*) from quarantine") == 0


async def test_given_a_claim_of_kela_that_comes_to_name_another_client_then_it_is_kept_aside_and_nobody_pays_twice(
    kafka: str, database: str, tmp_path: Path
) -> None:
    upstream = Upstream()
    async with rig(kafka, database, [private(topic) for topic in REGISTER], tmp_path) as shelf:
        topic = next(own for own in shelf.topics if own.name.startswith(CLAIMS_KELA.name))
        async with shelf.consuming(upstream.feed().on_records):
            await shelf.send(upstream.kela(1), topic)
            await shelf.wait_consumed(1)
            await shelf.send(upstream.kela(2, version=2, of=1), topic)
            await shelf.wait_consumed(2)
        assert await shelf.scalar("select code from quarantine") == "other_client"
        assert await shelf.scalar("select client from kela_claim") == upstream.client(1)
        assert await books(shelf.engine) == []
