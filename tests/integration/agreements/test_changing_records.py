"""Commands to change records: who may, all or nothing, once in effect, answered alike when repeated."""

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.agreements import store
from services.agreements.domain.records import Record, RecordKey
from shared.bus.transaction import Refuse
from shared.contracts.agreements import Account
from shared.contracts.answers import ChangesDone, ChangesRefused, Refused
from shared.contracts.asking import ChangeRecords, ClaimStatusQuery, RecordChange
from shared.contracts.base import Role
from tests.integration.agreements.office import (
    AT,
    CLERK,
    MAIN_USER,
    OFFICER,
    SECOND_OFFICER,
    STRANGER,
    Office,
    changes,
)
from tests.unit.agreements.made import KUOPIO, agreement, mandate, organisation, path, user

NEWCOMER = "v1." + "n" * 26
GIVEN = mandate(id="V-new", worker=NEWCOMER, roles=(Role.FEE_CLERK,))


async def count(engine: AsyncEngine, table: str) -> int:
    async with engine.connect() as conn:
        return int(await conn.scalar(text(f"select count(*) from {table}")) or 0)


def codes(answer: object) -> list[str]:
    assert isinstance(answer, ChangesRefused), answer
    return [fault.code for fault in answer.faults]


async def test_a_main_user_gives_a_mandate_and_the_history_names_nobody(office: Office) -> None:
    before = await count(office.engine, "outbox")
    answer = await office.change(MAIN_USER, GIVEN)
    assert answer == ChangesDone(changed=1, unchanged=0)
    async with office.engine.connect() as conn:
        (entry,) = await store.history(conn, RecordKey("mandate", "V-new"))
    assert (entry.record, entry.actor, entry.reason) == (GIVEN, office.worker(MAIN_USER), "a test")
    assert entry.recorded_at == AT
    assert await count(office.engine, "outbox") == before + 1


async def test_an_officer_changes_what_a_main_user_may_not(office: Office) -> None:
    renamed = organisation(version=2, name_fi="Kuopion kaupunki")
    assert codes(await office.change(MAIN_USER, renamed)) == ["scope.main_user"]
    assert await office.change(OFFICER, renamed) == ChangesDone(changed=1, unchanged=0)


@pytest.mark.parametrize("person", [CLERK, STRANGER], ids=["other role", "no mandate"])
async def test_whom_the_gate_refuses_changes_nothing(office: Office, person: object) -> None:
    assert person in {CLERK, STRANGER}
    answer = await office.change(CLERK if person == CLERK else STRANGER, GIVEN)
    assert isinstance(answer, Refused)
    assert await count(office.engine, "command") == 0


async def test_a_signature_that_does_not_hold_changes_nothing(office: Office) -> None:
    answer = await office.ask(changes([GIVEN]), MAIN_USER, signer=Ed25519PrivateKey.generate())
    assert isinstance(answer, Refused)
    assert answer.refusal.rule == "actor_verified"


async def test_a_locked_main_user_changes_nothing(office: Office) -> None:
    worker = office.worker(MAIN_USER)
    account = user(worker=worker, id=f"{KUOPIO}/{worker}")
    locked = account.model_copy(update={"version": 2, "status": "locked", "why": "left"})
    await office.change(OFFICER, account, locked)
    answer = await office.change(MAIN_USER, GIVEN)
    assert isinstance(answer, Refused)
    assert answer.refusal.rule == "user_active"


async def test_one_refused_record_keeps_all_out_and_every_fault_is_told(office: Office) -> None:
    before = await count(office.engine, "record_version")
    answer = await office.change(OFFICER, GIVEN, mandate(id="V-2", roles=()), path("signed"))
    assert codes(answer) == ["mandate.roles", "path.step"]
    assert await count(office.engine, "record_version") == before


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (RecordChange(kind="nothing", body="{}"), "record.kind"),
        (RecordChange(kind="mandate", body="{"), "record.schema"),
        (RecordChange(kind="mandate", body='{"id": "secret"}'), "record.schema"),
        (RecordChange(kind="mandate", body='{"id": "\\u0000"}'), "record.nul"),
    ],
)
async def test_what_is_no_record_is_named_and_not_quoted(office: Office, change: RecordChange, code: str) -> None:
    sent = ChangeRecords(idempotency_key="12345678", changes=(change,), reason="a test")
    answer = await office.ask(sent, OFFICER)
    assert codes(answer) == [code]
    assert "secret" not in answer.model_dump_json()


@pytest.mark.parametrize("reason", [" ", "a\0b"])
async def test_a_reason_that_is_none_is_refused(office: Office, reason: str) -> None:
    sent = changes([GIVEN]).model_copy(update={"reason": reason})
    assert codes(await office.ask(sent, OFFICER)) == ["record.reason"]


async def test_an_identity_code_in_a_change_is_refused_and_kept_nowhere(office: Office) -> None:
    named = organisation(version=2, name_fi="Potilas 010180-9015")
    answer = await office.change(OFFICER, named)
    assert isinstance(answer, Refused)
    assert answer.refusal.rule == "no_identity_code"
    assert await count(office.engine, "command") == 0


async def test_the_same_key_again_is_answered_alike_and_takes_effect_once(office: Office) -> None:
    first = await office.change(MAIN_USER, GIVEN, key="key-once")
    versions, events = await count(office.engine, "record_version"), await count(office.engine, "outbox")
    assert await office.change(MAIN_USER, GIVEN, key="key-once", at=AT + timedelta(days=1)) == first
    assert (await count(office.engine, "record_version"), await count(office.engine, "outbox")) == (versions, events)


async def test_a_refused_command_is_answered_alike_too(office: Office) -> None:
    first = await office.change(OFFICER, path("signed"), key="key-refused")
    assert await office.change(OFFICER, path("signed"), key="key-refused") == first
    assert codes(first) == ["path.step"]


@pytest.mark.parametrize("by", [MAIN_USER, CLERK], ids=["same person", "no right"])
async def test_the_same_key_with_other_content_is_refused(office: Office, by: object) -> None:
    await office.change(MAIN_USER, GIVEN, key="key-twice")
    other = mandate(id="V-other", worker=NEWCOMER)
    answer = await office.change(MAIN_USER if by == MAIN_USER else CLERK, other, key="key-twice")
    assert isinstance(answer, Refused)
    assert (answer.refusal.rule == "idempotency_key") is (by == MAIN_USER)


async def test_another_key_with_what_is_there_already_changes_nothing(office: Office) -> None:
    await office.change(MAIN_USER, GIVEN)
    assert await office.change(MAIN_USER, GIVEN) == ChangesDone(changed=0, unchanged=1)


async def test_two_requests_of_one_batch_see_each_other(office: Office) -> None:
    one = office.request(changes([GIVEN], "key-batch"), MAIN_USER)
    two = office.request(changes([GIVEN], "key-batch"), MAIN_USER)
    await office.handle(one, two)
    assert office.answers[one.id] == office.answers[two.id] == ChangesDone(changed=1, unchanged=0)


async def test_an_account_is_confirmed_by_a_second_officer(office: Office) -> None:
    new = Account(id="T2", iban="FI5542345670000081", confirmed=False)
    added = agreement(version=2, accounts=(*agreement().accounts, new))
    confirmed = agreement(version=3, accounts=(*agreement().accounts, new.model_copy(update={"confirmed": True})))
    assert await office.change(OFFICER, added) == ChangesDone(changed=1, unchanged=0)
    assert codes(await office.change(OFFICER, confirmed)) == ["account.second_person"]
    assert await office.change(SECOND_OFFICER, confirmed) == ChangesDone(changed=1, unchanged=0)


async def test_an_organisation_asks_for_an_agreement_and_kela_opens_it(office: Office) -> None:
    await office.change(OFFICER, agreement(version=2, status="suspended"))
    steps: list[tuple[object, Record]] = [
        (MAIN_USER, path()),
        (MAIN_USER, path("statement_given", 2)),
        (OFFICER, path("statement_accepted", 3)),
        (OFFICER, path("signed", 4)),
        (OFFICER, agreement(version=3)),
        (OFFICER, path("opened", 5)),
    ]
    for by, record in steps:
        answer = await office.change(MAIN_USER if by == MAIN_USER else OFFICER, record)
        assert answer == ChangesDone(changed=1, unchanged=0)
    assert codes(await office.change(MAIN_USER, path("withdrawn", 6))) == ["path.ended"]


async def test_a_version_is_never_known_before_the_one_that_it_follows(office: Office) -> None:
    await office.change(MAIN_USER, GIVEN, at=AT)
    await office.change(MAIN_USER, GIVEN.model_copy(update={"version": 2}), at=AT - timedelta(days=9))
    async with office.engine.connect() as conn:
        entries = await store.history(conn, RecordKey("mandate", "V-new"))
    assert [entry.recorded_at for entry in entries] == [AT, AT]


async def test_a_request_for_another_service_is_set_aside(office: Office) -> None:
    with pytest.raises(Refuse):
        await office.handle(office.request(ClaimStatusQuery(idempotency_key="12345678"), MAIN_USER))
