"""In the citizen's log: steps of payment claims on one's benefit, and look-ups that reached nobody."""

import base64
import os
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from services.audit import store
from services.audit.domain.note import open_checkpoint
from services.audit.domain.proofs import verify_inclusion
from shared.bus.messages import Outgoing
from shared.bus.sealing import commit
from shared.bus.topics import ACCESS_EVENTS, CLAIMS_EVENTS
from shared.contracts.access import AccessPersonal, AccessReversed, Outcome
from shared.contracts.answers import LogProof, OwnLogPage, Redaction
from shared.contracts.base import Channel
from shared.contracts.claims import ClaimChanged, ClaimPersonal, ClaimRefused, ClaimRegistered, ClaimState, Ground
from shared.database.engine import raw
from shared.ids import pseudonym, reversal_of
from tests.integration.audit.looks import CITIZEN, ESPOO, NEIGHBOUR, NOW, WORKER, Desks, look
from tests.integration.audit.world import KEY, PSEUDONYM_KEY, RING, Log, client_pseudonym

DAY = timedelta(days=1)
NUMBER = "MV-2016-000017"


@pytest.fixture
def desks(log: Log) -> Desks:
    return Desks(log)


def claim_event(
    cls: type[ClaimRegistered | ClaimChanged | ClaimRefused], client: str = CITIZEN, days: int = 1, **clear: object
) -> Outgoing:
    """A step of a claim as claims tells it; `clear` are fields of its clear part."""
    id_, time = uuid4(), NOW - DAY * days
    salt, personal = os.urandom(16).hex(), {"worker": WORKER, "worker_name": "Katselija Kaisa"}
    plain = (
        AccessPersonal.model_validate({"salt": salt, "client": client, **personal})
        if cls is ClaimRefused
        else ClaimPersonal(
            salt=salt,
            client=client,
            benefit="TT",
            ground=Ground.TOTUL_23,
            first=date(2016, 12, 1),
            last=None,
            amount=None,
            effective_payday=None,
            **personal,
        )
    )
    content = plain.model_dump_json().encode()
    of_claim = {"claim": uuid4(), "number": NUMBER, "state": ClaimState.REGISTERED, "client": client_pseudonym(client)}
    refused = {"request": uuid4(), "code": "claims.V04", "channel": Channel.UI}
    body = cls.model_validate(
        {
            "time": time,
            "organisation": ESPOO,
            "member": "049",
            "agreement": "A-049",
            "worker": pseudonym(PSEUDONYM_KEY, "worker", WORKER),
            "commitment": commit(content),
            "personal": RING.seal("access" if cls is ClaimRefused else "claims", content, id=id_, type=cls.ce_type),
            **(refused if cls is ClaimRefused else of_claim),
            **clear,
        }
    )
    return Outgoing.of(CLAIMS_EVENTS, client_pseudonym(client), id_, body, source="claims", time=time)


def reversal(of: Outgoing, told: UUID | None = None) -> Outgoing:
    """What lookup tells when the answer reached nobody; `told` is what the body says instead."""
    body = AccessReversed(of=told or of.id, time=of.time, agreement="A-049", member="049", reason="not_delivered")
    return Outgoing.of(ACCESS_EVENTS, "A-049", reversal_of(of.id), body, source="lookup", time=NOW)


def holds(page: OwnLogPage, proof: LogProof | None) -> bool:
    """Whether a proof leads to the signed root of the page."""
    assert proof is not None
    assert page.checkpoint is not None
    signed = open_checkpoint(page.checkpoint.encode(), KEY)
    path, leaf = tuple(base64.b64decode(one) for one in proof.path), bytes.fromhex(proof.leaf_hash)
    return verify_inclusion(index=proof.entry, size=signed.size, leaf=leaf, proof=path, root=signed.root)


async def test_given_steps_of_a_claim_then_each_is_told_with_organisation_law_and_proof(log: Log, desks: Desks) -> None:
    # given a claim on the citizen that was registered and is heard, and one on the neighbour
    registered = claim_event(ClaimRegistered, days=3, channel=Channel.UI)
    heard = claim_event(
        ClaimChanged, days=2, version=2, act="hear", by="handler", state=ClaimState.IN_HEARING, worker=None
    )
    await log.feed([registered, heard, look(), claim_event(ClaimRegistered, NEIGHBOUR, channel=Channel.UI)])
    await log.sign()
    page = await desks.page()
    # then the citizen sees the own one among the looks, and of the workers nothing
    assert [row.event for row in page.rows[1:]] == [heard.id, registered.id]
    told = [(row.organisation, row.member, row.law) for row in page.rows[1:]]
    assert told == [(ESPOO, "049", "L 1412/1997 23 §")] * 2
    steps = [(row.claim.act, row.claim.by, row.claim.number, row.claim.state) for row in page.rows if row.claim]
    assert steps == [
        ("hear", "handler", NUMBER, ClaimState.IN_HEARING),
        ("register", "claimant", NUMBER, ClaimState.REGISTERED),
    ]
    assert all(holds(page, row.proof) for row in page.rows)
    assert [secret for secret in (WORKER, "Kaisa", NEIGHBOUR) if secret in page.model_dump_json()] == []
    # and the neighbour sees the own one alone
    assert [row.claim is not None for row in (await desks.page(NEIGHBOUR)).rows] == [True]


async def test_given_a_registration_that_was_refused_then_rules_about_persons_stay_untold(
    log: Log, desks: Desks
) -> None:
    await log.feed(
        [
            claim_event(ClaimRefused, days=1, rule="not_of_relative", law="L 434/2003 28 §"),
            claim_event(ClaimRefused, days=2, rule="role_covers_function", law="L 254/2015 23 §"),
        ]
    )
    await log.sign()
    page = await desks.page()
    kin, roles = page.rows
    assert (kin.outcome, kin.rule, kin.law, kin.redacted) == (
        *(Outcome.REFUSED, None, None),
        (Redaction.RULE, Redaction.ENTRY),
    )
    assert (roles.rule, roles.law, roles.redacted) == ("role_covers_function", "L 254/2015 23 §", ())
    assert kin.proof is not None
    assert kin.proof.leaf is None
    assert holds(page, kin.proof)
    assert "relative" not in page.model_dump_json()


async def test_given_a_claim_whose_personal_part_was_erased_then_nobody_is_led_to_it(log: Log, desks: Desks) -> None:
    await log.feed([claim_event(ClaimRegistered, days=10, channel=Channel.UI)])
    async with log.engine.begin() as conn:
        await store.destroy_keys(await raw(conn), client_pseudonym(CITIZEN), "2016-12")
    page = await desks.page()
    assert (page.rows, page.erased_months) == ((), ("2016-12",))


async def test_given_a_look_up_that_reached_nobody_then_it_is_shown_as_taken_back_with_both_proofs(
    log: Log, desks: Desks
) -> None:
    # given two look-ups, one taken back, and a reversal that says it is another's
    seen, lost, odd = look(time=NOW - DAY), look(time=NOW - DAY * 2), look(time=NOW - DAY * 3)
    await log.feed([seen, lost, odd, reversal(lost), reversal(odd, told=seen.id)])
    # then that is shown at once, and proven when a checkpoint covers it
    before = await desks.page()
    assert [row.undelivered is not None for row in before.rows] == [False, True, False]
    await log.sign()
    page = await desks.page()
    row = page.rows[1]
    assert row.event == lost.id
    assert row.outcome is Outcome.GRANTED
    assert row.undelivered is not None
    assert (row.undelivered.event, row.undelivered.reason) == (reversal_of(lost.id), "not_delivered")
    assert holds(page, row.proof)
    assert holds(page, row.undelivered.proof)
