"""The auditor's search on a real database: what it finds, what the log is told of it, and who may not."""

from datetime import date, timedelta

import pytest

from services.audit.desks import searching
from shared.contracts.access import Action, Outcome
from shared.contracts.answers import Refused
from shared.contracts.base import Channel, Purpose, Role
from shared.gate.mandates import KELA
from shared.ids import pseudonym
from tests.integration.audit.looks import (
    AUDITOR,
    CITIZEN,
    ESPOO,
    NEIGHBOUR,
    NOW,
    REASON,
    WORKER,
    Desks,
    asked,
    look,
    searched,
)
from tests.integration.audit.world import PSEUDONYM_KEY, Log

LOOKS = {
    "plain": look(),
    "override": look(client=NEIGHBOUR, emergency=True, purpose=Purpose.VERIFY, reason="Lapsi vaarassa nyt heti"),
    "refused": look(outcome=Outcome.REFUSED, rule="not_of_relative"),
    "elsewhere": look(organisation="0202248-9", worker=pseudonym(PSEUDONYM_KEY, "worker", AUDITOR)),
    "list": look(listed=(CITIZEN, NEIGHBOUR), purpose=Purpose.TMT_LIST),
    "before": look(time=NOW - timedelta(days=90)),
}
NAMES = {one.id: name for name, one in LOOKS.items()}


@pytest.fixture
async def desks(log: Log) -> Desks:
    await log.feed(list(LOOKS.values()))
    await log.sign()
    return Desks(log)


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ({}, {"plain", "override", "refused", "elsewhere", "list"}),
        ({"first": date(2016, 9, 1), "last": date(2016, 11, 30)}, {"before"}),
        ({"organisation": ESPOO}, {"plain", "override", "refused", "list"}),
        ({"worker": WORKER}, {"plain", "override", "refused", "list"}),
        ({"worker": pseudonym(PSEUDONYM_KEY, "worker", AUDITOR)}, {"elsewhere"}),
        ({"identity_code": NEIGHBOUR}, {"override", "list"}),
        ({"identity_code": NEIGHBOUR, "purpose": Purpose.TMT_LIST}, {"list"}),
        ({"outcome": Outcome.REFUSED}, {"refused"}),
        ({"rule": "not_of_relative"}, {"refused"}),
        ({"rule": "not_of"}, set()),
        ({"emergency": True}, {"override"}),
    ],
)
async def test_given_a_demand_then_what_fits_it_is_found_and_nothing_else(
    desks: Desks, fields: dict[str, object], names: set[str]
) -> None:
    page = await desks.found(**fields)
    assert {NAMES[row.event] for row in page.rows} == names


async def test_given_a_search_then_the_log_knows_what_was_asked_why_and_about_whom(desks: Desks) -> None:
    page = await desks.found(emergency=True, worker=WORKER)
    (row,) = page.rows
    assert row.reason == "Lapsi vaarassa nyt heti"
    (event,) = desks.told.events
    assert (event.action, event.organisation, event.service) == (Action.LOG_SEARCH, KELA, "audit")
    assert event.worker == pseudonym(PSEUDONYM_KEY, "worker", AUDITOR)
    assert event.subject is not None
    assert event.subject.startswith("2016-12-01..2017-01-31 worker=v1.")
    assert event.subject.endswith("emergency=true")
    sealed = desks.told.personal()
    assert (sealed.reason, sealed.clients, sealed.worker) == (REASON, (NEIGHBOUR,), AUDITOR)
    # and whoever was shown finds the search in their own log, but not what was searched for
    await desks.log.feed(desks.told.messages)
    own = await desks.page(NEIGHBOUR)
    assert own.rows[0].action is Action.LOG_SEARCH
    assert REASON not in own.model_dump_json()
    assert pseudonym(PSEUDONYM_KEY, "worker", WORKER) not in own.rows[0].model_dump_json()


async def test_given_no_code_of_a_client_then_no_page_holds_one(desks: Desks) -> None:
    text = (await desks.found(identity_code=CITIZEN)).model_dump_json()
    assert CITIZEN not in text
    assert NEIGHBOUR not in text


async def test_given_bounds_on_the_work_then_pages_go_on_until_all_was_searched(
    desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "PAGE", 2)
    monkeypatch.setattr(searching, "PORTION", 2)
    monkeypatch.setattr(searching, "MOST_SCANNED", 3)
    for fields in ({}, {"identity_code": CITIZEN}, {"emergency": True}):
        seen, after = [], None
        for _ in range(10):
            page = await desks.found(**fields, after=after)
            seen += [NAMES[row.event] for row in page.rows]
            after = page.next
            if after is None:
                break
        assert after is None
        expected = {
            "": ["list", "elsewhere", "refused", "override", "plain"],
            "identity_code": ["list", "elsewhere", "refused", "plain"],
            "emergency": ["override"],
        }
        assert seen == expected["".join(fields)]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"reason": "syy"}, "log_search.reason"),
        ({"reason": "x" * 40}, "log_search.reason"),
        ({"last": date(2016, 11, 30)}, "log_search.period"),
        ({"worker": "nobody"}, "log_search.worker"),
        ({"identity_code": "010180-901X"}, "log_search.identity_code"),
        ({"identity_code": AUDITOR}, "gate.not_own_code"),
    ],
)
async def test_given_words_that_do_not_do_then_it_is_refused_and_logged(
    desks: Desks, fields: dict[str, object], code: str
) -> None:
    answer = await desks.search(**fields)
    assert isinstance(answer, Refused)
    assert answer.refusal.code == code
    (event,) = desks.told.events
    assert event.outcome is Outcome.REFUSED


@pytest.mark.parametrize(
    ("person", "organisation", "roles"),
    [
        (AUDITOR, KELA, ()),
        (AUDITOR, ESPOO, (Role.AUDITOR,)),
        (WORKER, KELA, (Role.AUDITOR,)),
        (WORKER, ESPOO, (Role.LOG_SUPERVISOR,)),
    ],
)
async def test_given_anybody_but_kelas_auditor_then_nothing_is_searched(
    desks: Desks, person: str, organisation: str, roles: tuple[Role, ...]
) -> None:
    answer = await desks.requests.answer(asked(searched(), person, organisation, roles, Channel.UI))
    assert isinstance(answer, Refused)
