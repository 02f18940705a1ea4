"""The auditor's verification on a real database: the proof that is given holds offline, and each other end is told."""

import pytest

from services.audit.domain.inclusion import FORM
from shared.contracts.access import Action, Outcome
from shared.contracts.answers import LogVerification, Refused
from shared.contracts.asking import LogVerificationQuery
from shared.contracts.base import Channel, Role
from shared.gate.mandates import KELA
from tests.integration.audit.looks import AUDITOR, CITIZEN, ESPOO, WORKER, Desks, asked, look
from tests.integration.audit.world import KEY, Log
from verifier.entries import check_proof
from verifier.notes import Key

LOOK = look()


@pytest.fixture
async def desks(log: Log) -> Desks:
    await log.feed([LOOK, look()])
    await log.sign()
    await log.execute(
        "insert into cosignature (size, witness, line, at) "
        "select size, 'witness.test', '— witness.test AAAA' || chr(10), at from checkpoint"
    )
    await log.feed([look()])
    return Desks(log)


async def _verified(desks: Desks, entry: str) -> LogVerification:
    answer = await desks.requests.answer(
        asked(LogVerificationQuery(entry=entry), AUDITOR, KELA, (Role.AUDITOR,), Channel.UI)
    )
    assert isinstance(answer, LogVerification), answer
    return answer


@pytest.mark.parametrize("named", ["{number}", "{event}", " {event} "])
async def test_the_proof_of_an_entry_holds_with_the_verifier_alone(desks: Desks, named: str) -> None:
    answer = await _verified(desks, named.format(number=0, event=LOOK.id))
    assert (answer.result, answer.origin, answer.keys) == ("holds", KEY.name, (str(KEY),))
    assert answer.proof is not None
    assert (answer.proof.entry, answer.proof.event) == (0, LOOK.id)
    check_proof(answer.proof.document.encode(), [Key.parse(one) for one in answer.keys])
    assert FORM in answer.proof.document
    assert not any(one in answer.model_dump_json() for one in (CITIZEN, WORKER))


async def test_the_newest_checkpoint_and_its_cosignature_are_told(desks: Desks) -> None:
    answer = await _verified(desks, "")
    assert (answer.size, answer.result, answer.proof) == (2, "not_asked", None)
    assert answer.checkpoint is not None
    assert answer.cosigned is not None
    assert (answer.cosigned.size, answer.cosigned.witnesses) == (2, ("witness.test",))
    assert answer.cosigned.note == f"{answer.checkpoint}— witness.test AAAA\n"


@pytest.mark.parametrize(
    ("entry", "result"),
    [
        ("2", "not_covered"),
        ("99", "not_in_log"),
        ("00000000-0000-4000-8000-000000000000", "not_in_log"),
        ("010180-9015", "unreadable"),
    ],
)
async def test_what_has_no_proof_is_told_why(desks: Desks, entry: str, result: str) -> None:
    answer = await _verified(desks, entry)
    assert (answer.result, answer.proof) == (result, None)


async def test_the_log_knows_which_entry_was_verified_and_repeats_nothing_else(desks: Desks) -> None:
    await _verified(desks, "0")
    await _verified(desks, CITIZEN)
    proved, unreadable = desks.told.events
    assert (proved.action, proved.subject, proved.outcome) == (
        Action.LOG_SEARCH,
        "verification entry=0",
        Outcome.GRANTED,
    )
    assert (unreadable.subject, unreadable.outcome) == ("verification", Outcome.EMPTY)


async def test_nobody_but_the_auditor_verifies(desks: Desks) -> None:
    answer = await desks.requests.answer(
        asked(LogVerificationQuery(entry="0"), WORKER, ESPOO, (Role.VIEWER,), Channel.UI)
    )
    assert isinstance(answer, Refused)
