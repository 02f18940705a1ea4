"""Register records and claims become the read model, once in effect, newest version kept (invariants 2 and 3)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from services.lookup.domain.found import Found
from services.lookup.handlers import claims_handler, register_handler
from services.lookup.store.register import ORPHANS, counts, read_client
from shared.bus.messages import Outgoing
from shared.bus.topic import Topic
from shared.bus.topics import CLAIMS_EVENTS, REGISTER_PAYMENTS
from shared.bus.transaction import Handle
from shared.contracts.claims import ClaimState
from tests.harness.consuming import Rig
from tests.integration.bus.suite import ConsumerSuite
from tests.integration.lookup.samples import (
    CLIENT,
    ORGANISATION,
    RING,
    allocated,
    application,
    changed_claim,
    claim,
    decision,
    insurance,
    medicine,
    notice,
    payment,
    person,
    record,
    recovery,
)

SENT: dict[str, Outgoing] = {}


def once(name: str, message: Outgoing) -> Outgoing:
    """The message as it was first made: sealing is random, a repeat is the same bytes."""
    return SENT.setdefault(name, message)


async def read(rig: Rig, client: str = CLIENT, *, of: str = "297", worker: str | None = None) -> Found:
    return await read_client(
        rig.engine, client, ORGANISATION, municipalities=frozenset({of}), worker=worker, now=datetime.now(UTC)
    )


class TestRegisterConsumer(ConsumerSuite):
    def topics(self) -> Sequence[Topic]:
        return [REGISTER_PAYMENTS]

    async def prepare(self, _rig: Rig) -> Handle:
        return register_handler(RING)

    def message(self, n: int) -> Outgoing:
        return once(f"payment {n}", record("payment", f"P-{n}", payment(), client=client(n)))

    def contradiction(self, n: int) -> Outgoing:
        return record("payment", f"P-{n}", payment(gross="99.00"), client=client(n))

    async def effects(self, rig: Rig) -> int:
        return int(str(await rig.scalar("select count(*) from payment")))

    async def test_whatever_the_order_and_however_often_the_highest_version_stays(self, rig: Rig) -> None:
        handle = await self.prepare(rig)
        versions = {n: record("person", "H-1", person(name=f"Nimi{n}"), version=n) for n in range(1, 6)}
        for n in (2, 1, 5, 3, 4, 5, 1):
            await rig.send(versions[n])

        async with self.started(rig, handle):
            await rig.wait_consumed(7)

        found = await read(rig)
        assert found.person is not None
        assert found.person.last_name == "Nimi5"
        assert await rig.scalar("select count(*) from person") == 1
        assert await rig.scalar("select count(*) from quarantine") == 0

    async def test_an_older_version_in_a_later_batch_changes_nothing(self, rig: Rig) -> None:
        handle = await self.prepare(rig)
        async with self.started(rig, handle):
            await rig.send(record("payment", "P-1", payment(gross="700.00"), version=2))
            await rig.wait_consumed(1)
            await rig.send(record("payment", "P-1", payment(gross="600.00"), version=1))
            await rig.wait_consumed(2)

        found = await read(rig)
        assert [str(known.body.gross) for known in found.payments] == ["700.00"]

    async def test_all_kinds_of_one_batch_are_found_by_their_client_alone(self, rig: Rig) -> None:
        handle = await self.prepare(rig)
        for message in (
            record("person", "H-1", person()),
            record("application", "A-1", application()),
            record("payment", "P-1", payment()),
            record("payment", "P-9", payment(), client=client(9)),
        ):
            await rig.send(message)

        async with self.started(rig, handle):
            await rig.wait_consumed(4)

        found = await read(rig)
        assert found.person is not None
        assert [known.id for known in found.applications] == ["A-1"]
        assert [known.id for known in found.payments] == ["P-1"]
        assert (await read(rig, client(8))).nothing

    async def test_every_kind_of_the_register_is_found_by_its_client(self, rig: Rig) -> None:
        handle = await self.prepare(rig)
        for message in (
            record("insurance", "V-1", insurance()),
            record("recovery", "T-1", recovery()),
            record("medicine", "L-1", medicine()),
            record("insurance", "V-9", insurance(), client=client(9)),
            record("notice", "E-1", notice()),
        ):
            await rig.send(message)

        async with self.started(rig, handle):
            await rig.wait_consumed(5)

        found = await read(rig)
        assert [known.id for known in found.insurance] == ["V-1"]
        assert [known.id for known in found.recoveries] == ["T-1"]
        assert [known.id for known in found.medicine] == ["L-1"]
        assert found.notice
        assert not (await read(rig, of="837")).notice
        assert await rig.scalar("select municipality || ' ' || type from notice_record") == "297 contact"

    async def test_a_withdrawn_record_is_counted_not_shown_and_may_come_back(self, rig: Rig) -> None:
        handle = await self.prepare(rig)
        unfit = payment().model_copy(update={"benefit": "tuntematon_etuus"})
        for message in (
            record("payment", "P-1", payment()),
            record("payment", "P-2", payment()),
            record("payment", "P-1", unfit, version=2, withdrawn=True),
        ):
            await rig.send(message)
        async with self.started(rig, handle):
            await rig.wait_consumed(3)
            withdrawn = await read(rig)
            await rig.send(record("payment", "P-1", payment(gross="640.00"), version=3))
            await rig.wait_consumed(4)
        mended = await read(rig)

        assert [known.id for known in withdrawn.payments] == ["P-2"]
        assert withdrawn.withdrawn == {"payment": 1}
        assert sorted(str(known.body.gross) for known in mended.payments) == ["620.00", "640.00"]
        assert mended.withdrawn == {}

    async def test_what_hangs_loose_is_kept_shown_and_counted(self, rig: Rig) -> None:
        handle = await self.prepare(rig)
        early = decision().model_copy(update={"application": "A-1", "decided": date(2016, 11, 30)})
        for message in (
            record("payment", "P-1", payment()),
            record("decision", "D-2", decision()),
            record("application", "A-1", application()),
            record("decision", "D-3", early),
        ):
            await rig.send(message)
        async with self.started(rig, handle):
            await rig.wait_consumed(4)

        async with rig.engine.connect() as conn:
            counted = await counts(conn)
        assert [known.id for known in (await read(rig)).payments] == ["P-1"]
        assert {name: counted[name] for name in ORPHANS} == {"no decision": 1, "no application": 1, "decided early": 1}

    async def test_bad_contents_are_quarantined_with_their_reason_and_the_good_beside_them_stay(self, rig: Rig) -> None:
        handle = await self.prepare(rig)
        moved = record("payment", "P-2", payment())
        bad = [
            record("payment", "P-3", b'{"net":"1.00"}'),
            record("payment", "P-4", payment().model_copy(update={"benefit": "tuntematon_etuus"})),
            record("payment", "P-5", b'{"decision":"D-1\\u0000"}'),
            record("payment", "P-6", payment().model_dump_json().replace('"600.00"', '"600.001"').encode()),
            record("payment", "P-7", payment().model_dump_json().replace('"600.00"', '"599.00"').encode()),
            replace(moved, id=record("payment", "P-8", payment()).id),
            claim(1),
            record("person", "H-1", person(name="Nimi\x00")),
        ]
        await rig.send(record("payment", "P-0", payment()))
        for message in bad:
            await rig.send(message)
        await rig.send(record("payment", "P-1", payment(date(2016, 11, 7))))

        async with self.started(rig, handle):
            await rig.wait_consumed(len(bad) + 2)

        assert await self.effects(rig) == 2
        assert await rig.scalar("select string_agg(code, ' ' order by id) from quarantine") == (
            "schema benefit schema decimals sums unsealable unknown_type database"
        )
        assert await rig.scalar("select count(*) from quarantine where reason like '%tuntematon%'") == 0


class TestClaimsConsumer(ConsumerSuite):
    def topics(self) -> Sequence[Topic]:
        return [CLAIMS_EVENTS]

    async def prepare(self, _rig: Rig) -> Handle:
        return claims_handler(RING)

    def message(self, n: int) -> Outgoing:
        return once(f"claim {n}", claim(n))

    def contradiction(self, n: int) -> Outgoing:
        return claim(n, organisation="1234567-1")

    async def effects(self, rig: Rig) -> int:
        return int(str(await rig.scalar("select count(*) from claim")))

    async def test_an_organisation_sees_its_own_claims_and_no_others(self, rig: Rig) -> None:
        handle = await self.prepare(rig)
        await rig.send(claim(1))
        await rig.send(claim(2, organisation="1234567-1"))
        async with self.started(rig, handle):
            await rig.wait_consumed(2)

        found = await read(rig)

        assert [known.body.number for known in found.claims] == ["MV-1-1"]

    async def test_the_latest_version_of_a_claim_stays_and_no_identity_code_is_stored(self, rig: Rig) -> None:
        handle = await self.prepare(rig)
        await rig.send(claim(1, version=2))
        await rig.send(claim(1, version=1))
        async with self.started(rig, handle):
            await rig.wait_consumed(2)

        found = await read(rig)

        assert [known.body.number for known in found.claims] == ["MV-1-2"]
        assert await rig.scalar("select count(*) from claim where body::text ~ '[0-9]{6}[-A-F+]'") == 0

    async def test_what_became_of_a_claim_shows_whatever_the_order_and_follows_its_body(self, rig: Rig) -> None:
        handle = await self.prepare(rig)
        for message in (
            changed_claim(1, 3, ClaimState.ACTIVE),
            allocated(1),
            claim(1),
            changed_claim(2, 2, ClaimState.ENDED),
        ):
            await rig.send(message)
        await rig.send(changed_claim(3, 2, ClaimState.ACTIVE, organisation="1234567-1"))
        async with self.started(rig, handle):
            await rig.wait_consumed(5)

        found = await read(rig)

        assert sorted(known.body.state for known in found.claims) == ["active", "ended"]
        assert await rig.scalar("select count(*) from quarantine") == 0


def client(n: int) -> str:
    return "v1." + "abcdefghij"[n % 10] * 26
