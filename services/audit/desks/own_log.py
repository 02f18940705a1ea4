"""The citizen's log (oman tiedon lokinäkymä): who looked at one's own data, for whom, why; the proof of each row.

Steps of payment claims on one's benefit stand among the looks; a look-up that reached nobody is shown as taken back.
"""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID

import orjson
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncEngine

from services.audit.asking import Asking, Attempt
from services.audit.domain.inclusion import InclusionProof
from services.audit.domain.looked import Looked, own_row
from services.audit.domain.merkle import leaf_hash
from services.audit.domain.note import LogKey
from services.audit.opening import Opening
from services.audit.proving import Prover
from services.audit.requests import Served
from services.audit.store import looking
from services.audit.store.looking import Place
from services.audit.telling import Result, event_of
from shared.bus.requests import Request
from shared.clock.civil import at_helsinki, helsinki_date, month_of
from shared.contracts.access import AccessReversed, Action, Outcome
from shared.contracts.agreements import AgreementChanged, OrganisationChanged
from shared.contracts.answers import LogContact, LogProof, LogReversal, OwnLogPage
from shared.contracts.asking import OwnLogQuery
from shared.database.engine import raw
from shared.gate.facts import Function
from shared.gate.order import ASKING
from shared.ids import reversal_of

PAGE: Final = 50
"""Rows of a page: with proofs about 150 kB, and a reply stays below 512 kB."""
YEARS: Final = 2
"""How far back without giving a reason (L 703/2023; before that the practice to follow)."""
TELLABLE: Final = frozenset(rule.__module__.rpartition(".")[2] for rule in ASKING)
"""Rules about who asks and by what right. Those about the client tell of kin, relations and children's wishes, and a
rule that is not known here may tell of anybody."""
_LAST: Final = (datetime.max.replace(tzinfo=UTC), 2**62)


@dataclass(frozen=True, slots=True)
class _Page:
    looked: list[Looked]
    proofs: dict[UUID, LogProof]
    undelivered: dict[UUID, LogReversal]
    checkpoint: str | None
    erased_months: tuple[str, ...]
    next: Place | None


class OwnLog:
    """The desk.

    Args:
        asking: The facts of the gate, and pseudonyms.
        engine: Audit's database.
        opening: Opens personal parts.
        key: The log's verifier keys, against which each proof is checked before it is shown: the newest checkpoint may
            still be signed by the key before.
    """

    def __init__(self, *, asking: Asking, engine: AsyncEngine, opening: Opening, key: LogKey) -> None:
        self._asking = asking
        self._engine = engine
        self._opening = opening
        self._key = key

    @property
    def action(self) -> Action:
        """What the log calls it."""
        return Action.LOG_VIEW

    def prepare(self, request: Request) -> Attempt:
        """The facts about who asks."""
        return self._asking.who(request, Function.CITIZEN_LOG)

    def asked(self, attempt: Attempt) -> Result:
        """It is about whoever asks."""
        return Result(outcome=Outcome.FAILED, action=self.action, client=attempt.own_code)

    async def serve(self, attempt: Attempt) -> Served:
        """One page of it, newest first."""
        query, code = attempt.request.body, attempt.own_code
        if not isinstance(query, OwnLogQuery) or code is None:
            raise TypeError("this desk answers a person about themselves")
        today = helsinki_date(attempt.time)
        since = two_years_before(today)
        page = await self._read(self._asking.client(code), since, read_place(query.after))
        rows = tuple(
            own_row(one, TELLABLE, page.proofs.get(one.event), page.undelivered.get(one.event)) for one in page.looked
        )
        answer = OwnLogPage(
            since=since,
            rows=rows,
            contacts=self._contacts({row.organisation for row in rows if row.organisation is not None}),
            erased_months=page.erased_months,
            checkpoint=page.checkpoint,
            next=None if page.next is None else write_place(page.next),
            event=event_of(attempt.request.id),
        )
        outcome = Outcome.GRANTED if rows else Outcome.EMPTY
        return Served(Result(outcome=outcome, action=self.action, client=code), answer)

    async def _read(self, person: str, since: date, before: Place) -> _Page:
        """Entries and proofs of one moment of the log."""
        start = at_helsinki(since)
        async with self._engine.connect() as plain:
            conn = await plain.execution_options(isolation_level="REPEATABLE READ")
            async with conn.begin():
                connection = await raw(conn)
                keys = await looking.keys_of(connection, person, str(month_of(start)), "9999-12")
                places = await looking.places_of_person(connection, keys, start, before, PAGE + 1)
                shown = places[:PAGE]
                entries = await looking.sealed(connection, [seq for _, seq in shown])
                looked = self._opening.open(entries[seq] for _, seq in shown)
                taken_back = await looking.reversals(connection, [reversal_of(one.event) for one in looked])
                found = Prover(connection, self._key).prove([*(one.event for one in looked), *taken_back])
                proofs = [one async for one in found if isinstance(one, InclusionProof)]
                erased = await looking.erased_months(connection, str(month_of(start)))
        shown_proofs = {one.event: _shown(one) for one in proofs}
        return _Page(
            looked=looked,
            proofs=shown_proofs,
            undelivered=_undelivered(looked, taken_back, shown_proofs),
            checkpoint=proofs[0].checkpoint if proofs else None,
            erased_months=erased,
            next=shown[-1] if len(places) > PAGE else None,
        )

    def _contacts(self, organisations: set[str]) -> tuple[LogContact, ...]:
        directory = self._asking.directory
        known = [directory.organisation(one) for one in sorted(organisations)]
        agreements: dict[str, list[AgreementChanged]] = {}
        for agreement in directory.agreements() if known else ():
            agreements.setdefault(agreement.party, []).append(agreement)
        return tuple(contact_of(one, agreements.get(one.business_id, [])) for one in known if one is not None)


def contact_of(organisation: OrganisationChanged, agreements: Sequence[AgreementChanged]) -> LogContact:
    """Whom to ask about an organisation's looking: its log supervisor's or administrative address, without a name."""
    ways = [
        contact
        for kind in ("log_supervisor", "administrative")
        for agreement in sorted(agreements, key=lambda one: one.validity.first, reverse=True)
        for contact in agreement.contacts
        if contact.kind == kind and (contact.email or contact.phone)
    ]
    address = ", ".join(
        part for part in (organisation.street, f"{organisation.postal_code} {organisation.town}".strip()) if part
    )
    return LogContact(
        organisation=organisation.business_id,
        name_fi=organisation.name_fi,
        name_sv=organisation.name_sv,
        email=ways[0].email if ways else "",
        phone=ways[0].phone if ways else "",
        address=address,
    )


def _undelivered(
    looked: Sequence[Looked], taken_back: Mapping[UUID, tuple[datetime, bytes]], proofs: Mapping[UUID, LogProof]
) -> dict[UUID, LogReversal]:
    """The reversal of each look that has one; an entry that says it is another's takes nothing back."""
    found = {}
    for one in looked:
        id_ = reversal_of(one.event)
        if id_ not in taken_back:
            continue
        time, leaf = taken_back[id_]
        try:
            body = AccessReversed.model_validate(orjson.loads(leaf)["body"], strict=False)
        except (orjson.JSONDecodeError, KeyError, ValidationError):
            continue
        if body.of == one.event:
            found[one.event] = LogReversal(event=id_, time=time, reason=body.reason, proof=proofs.get(id_))
    return found


def two_years_before(day: date) -> date:
    """The first day that is shown: of a leap day, the 28th of February."""
    year = day.year - YEARS
    return date(year, 2, 28) if (day.month, day.day) == (2, 29) else day.replace(year=year)


def write_place(place: Place) -> str:
    """Where the next page begins, as a page tells it."""
    return base64.urlsafe_b64encode(orjson.dumps([place[0], place[1]])).decode()


def read_place(told: str | None) -> Place:
    """Where a page begins; from the newest entry when nothing was told, or nothing that a page tells."""
    try:
        time, seq = orjson.loads(base64.urlsafe_b64decode(told or ""))
        found = datetime.fromisoformat(time).astimezone(UTC)
    except (ValueError, TypeError, binascii.Error, orjson.JSONDecodeError):
        return _LAST
    return (found, seq) if isinstance(seq, int) and 0 <= seq < 2**62 else _LAST


def _shown(proof: InclusionProof) -> LogProof:
    return LogProof(
        entry=proof.entry,
        leaf=proof.leaf.decode(),
        leaf_hash=leaf_hash(proof.leaf).hex(),
        path=tuple(base64.b64encode(one).decode() for one in proof.path),
    )
