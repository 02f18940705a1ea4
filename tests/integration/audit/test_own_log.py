"""The citizen's log on a real database: what is listed, in which order, with which proof, and what is left out."""

import base64
from datetime import timedelta
from uuid import uuid4

import pytest

from services.audit import store
from services.audit.desks.own_log import PAGE
from services.audit.domain.inclusion import InclusionProof
from services.audit.domain.merkle import leaf_hash
from services.audit.domain.note import open_checkpoint
from services.audit.domain.proofs import verify_inclusion
from shared.bus.publisher import NotAcknowledged
from shared.contracts.access import Action, Outcome
from shared.contracts.answers import Failed, OwnLogPage, Redaction, Refused
from shared.contracts.asking import OwnLogQuery
from shared.contracts.base import Channel, DataGroup, Purpose
from shared.database.engine import raw
from shared.gate.mandates import KELA
from tests.integration.audit.looks import CITIZEN, ESPOO, NEIGHBOUR, NOW, SECRET, WORKER, Desks, asked, look
from tests.integration.audit.world import KEY, Log, client_pseudonym

DAY = timedelta(days=1)


@pytest.fixture
def desks(log: Log) -> Desks:
    return Desks(log)


def proves(page: OwnLogPage, number: int) -> bool:
    """Whether the proof of a row leads from its hash to the signed root of the page."""
    proof = page.rows[number].proof
    assert proof is not None
    assert page.checkpoint is not None
    signed = open_checkpoint(page.checkpoint.encode(), KEY)
    path = tuple(base64.b64decode(one) for one in proof.path)
    if proof.leaf is not None:
        assert leaf_hash(proof.leaf.encode()).hex() == proof.leaf_hash
        leaf = proof.leaf.encode()
        InclusionProof(page.rows[number].event, proof.entry, leaf, path, page.checkpoint).check_against(signed)
    return verify_inclusion(
        index=proof.entry, size=signed.size, leaf=bytes.fromhex(proof.leaf_hash), proof=path, root=signed.root
    )


async def test_given_looks_of_every_outcome_then_all_are_listed_newest_first_each_with_its_proof(
    log: Log, desks: Desks
) -> None:
    # given looks at the citizen with every outcome, an override, one at the neighbour, and one older than two years
    looks = [look(outcome=one, time=NOW - DAY * number) for number, one in enumerate(Outcome, 1)]
    override = look(time=NOW - DAY * 20, emergency=True, purpose=Purpose.VERIFY, reason=SECRET)
    await log.feed([*looks, override, look(client=NEIGHBOUR), look(time=NOW - DAY * 800)])
    await log.sign()
    # when the citizen reads the log
    page = await desks.page()
    # then everything within two years is there, the override too, newest first
    assert [row.event for row in page.rows] == [one.id for one in [*looks, override]]
    assert [row.outcome for row in page.rows] == [*Outcome, Outcome.GRANTED]
    granted, last = page.rows[0], page.rows[-1]
    assert (granted.organisation, granted.member, granted.purpose) == (ESPOO, "049", Purpose.CHARGE)
    assert (granted.law, granted.groups, granted.informed) == ("L 812/2000 21 §", (DataGroup.DECISIONS,), True)
    assert last.emergency
    assert Redaction.REASON in last.redacted
    # and each row stands in the signed log
    assert all(proves(page, number) for number in range(len(page.rows)))
    assert [(one.organisation, one.email) for one in page.contacts] == [(ESPOO, "loki@espoo.example")]


async def test_given_what_is_anothers_affair_then_nothing_of_it_leaves(log: Log, desks: Desks) -> None:
    # given a reason that names a neighbour, a page with a neighbour, and refusals for kin and of the worker's roles
    await log.feed(
        [
            look(reason=SECRET, case_reference="D/123/2016"),
            look(listed=(CITIZEN, NEIGHBOUR)),
            look(outcome=Outcome.REFUSED, rule="not_of_relative", law="L 434/2003 28 §"),
            look(outcome=Outcome.REFUSED, rule="role_covers_function", law="L 254/2015 23 §"),
        ]
    )
    await log.sign()
    page = await desks.page()
    # then the page tells that something is left out, and holds none of it
    text = page.model_dump_json()
    written, others, kin = ("Naapurin", "310323F999K", "D/123"), (NEIGHBOUR, "Kaisa", WORKER), ("relative", "434/2003")
    for secret in (*written, *others, *kin):
        assert secret not in text
    by_rule = {row.redacted for row in page.rows}
    assert (Redaction.REASON, Redaction.CASE_REFERENCE) in by_rule
    assert (Redaction.OTHER_CLIENTS,) in by_rule
    assert (Redaction.RULE, Redaction.ENTRY) in by_rule
    assert [row.rule for row in page.rows if row.rule] == ["role_covers_function"]
    # and a row whose bytes are kept back is proven by their hash
    assert all(proves(page, number) for number in range(len(page.rows)))


async def test_given_more_than_a_page_then_the_next_ones_follow_without_gap_or_repetition(
    log: Log, desks: Desks
) -> None:
    # given looks of which many have the same time
    looks = [look(time=NOW - DAY * (1 + number // 40)) for number in range(PAGE * 2 + 5)]
    await log.feed(looks)
    await log.sign()
    seen, after, sizes = [], None, []
    while True:
        page = await desks.page(after=after)
        seen += [row.event for row in page.rows]
        sizes.append(len(page.rows))
        assert len(page.model_dump_json()) < 512_000
        after = page.next
        if after is None:
            break
    assert sizes == [PAGE, PAGE, 5]
    assert sorted(seen) == sorted(one.id for one in looks)


async def test_given_months_of_which_something_was_erased_then_the_page_says_so(log: Log, desks: Desks) -> None:
    # given a list with the citizen and the neighbour in December, and a look in January
    await log.feed([look(listed=(CITIZEN, NEIGHBOUR), time=NOW - DAY * 10), look(time=NOW - DAY)])
    await log.sign()
    # when the neighbour's December is erased
    async with log.engine.begin() as conn:
        await store.destroy_keys(await raw(conn), client_pseudonym(NEIGHBOUR), "2016-12")
    page = await desks.page()
    # then the citizen is still led to both entries, and told of the month and of the row
    assert [row.erased for row in page.rows] == [False, True]
    assert page.erased_months == ("2016-12",)
    assert page.rows[1].informed is None
    # and nobody is led to what was their own and is erased
    assert (await desks.page(NEIGHBOUR)).rows == ()


async def test_given_a_look_at_the_log_then_it_is_told_first_and_is_a_row_itself(log: Log, desks: Desks) -> None:
    await log.feed([look()])
    page = await desks.page()
    (event,) = desks.told.events
    assert (event.action, event.channel, event.outcome) == (Action.LOG_VIEW, Channel.CITIZEN, Outcome.GRANTED)
    assert (event.organisation, event.worker, event.agreement) == (None, None, None)
    assert desks.told.personal().client == CITIZEN
    assert desks.told.messages[0].id == page.event
    assert CITIZEN.encode() not in desks.told.messages[0].body
    # a proof that is not signed yet is awaited, and does not hold the row back
    assert page.rows[0].proof is None
    await log.feed(desks.told.messages)
    await log.sign()
    again = await desks.page()
    assert [row.oneself for row in again.rows] == [True, False]


async def test_when_the_log_cannot_be_told_then_nothing_is_shown(log: Log, desks: Desks) -> None:
    await log.feed([look()])
    desks.told.failure = NotAcknowledged("kafka is away")
    request = asked(OwnLogQuery(), CITIZEN)
    with pytest.raises(NotAcknowledged):
        await desks.requests.answer(request)
    # and when the same request comes again it is told with the same bytes, and shows nothing
    desks.told.failure = None
    answer = await desks.requests.answer(request)
    assert isinstance(answer, Failed)
    assert answer.code == "repeated"
    await desks.requests.answer(request)
    first, second = desks.told.messages
    assert first == second


@pytest.mark.parametrize(
    ("person", "channel", "rule"),
    [
        (None, Channel.CITIZEN, "bound_to_person"),
        (CITIZEN, Channel.UI, "channel_covered"),
        (CITIZEN, Channel.INTERFACE, "bound_to_person"),
    ],
)
async def test_given_nobody_or_another_way_then_it_is_refused_and_logged(
    desks: Desks, person: str | None, channel: Channel, rule: str
) -> None:
    answer = await desks.requests.answer(asked(OwnLogQuery(), person, KELA, (), channel))
    assert isinstance(answer, Refused)
    assert answer.refusal.rule == rule
    (event,) = desks.told.events
    assert (event.outcome, event.rule) == (Outcome.REFUSED, rule)


async def test_given_a_log_that_lags_then_nobody_reads_it(desks: Desks) -> None:
    desks.audit.value = timedelta(minutes=5)
    answer = await desks.own_log()
    assert isinstance(answer, Refused)
    assert answer.refusal.rule == "audit_fresh"


async def test_given_a_question_that_came_too_late_then_it_is_logged_as_aborted(desks: Desks) -> None:
    late = asked(OwnLogQuery(), CITIZEN, request=uuid4(), deadline=-DAY)
    assert isinstance(await desks.requests.answer(late), Failed)
    assert [event.outcome for event in desks.told.events] == [Outcome.ABORTED]
