"""Keeps the books: reads what is known of clients, writes the entries that a trigger gives, and tells of each.

Everything here happens under the locks of the clients, in the transaction of the trigger. What is told is the same
byte for byte whenever the same happens again: times are the trigger's, salts follow from the event.
"""

import hmac
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

import structlog
from structlog.stdlib import BoundLogger

from services.claims.bearing import Stands
from services.claims.domain.allocation import KELA, Claimed
from services.claims.domain.booking import Books, Entry, Why, claimed
from services.claims.domain.protected_share import ProtectedShares
from services.claims.domain.sharing import period_fault
from services.claims.events import SERVICE, Scribe
from services.claims.store import books as ledger
from services.claims.store import claims as stored
from services.claims.store import register
from shared.bus.messages import Outgoing
from shared.bus.sealing import KeyRing, commit
from shared.bus.topics import CLAIMS_EVENTS
from shared.bus.transaction import Tx
from shared.clock.civil import helsinki_date
from shared.contracts.claims import AllocationPersonal, PaymentAllocated, ShareStated
from shared.ids import event_id, salt

if TYPE_CHECKING:
    from asyncpg import Connection

KELA_ROW_TYPE: Final = "kelmu.claims.kela.row.v1"
ROW_KEYS: Final = "claim-rows"
_LOG: Final[BoundLogger] = structlog.get_logger("claims")


class Known:
    """What is known of some clients on whom there are claims: their books, and how a claim's number and code are read.

    Attributes:
        books: By client.
    """

    def __init__(self) -> None:
        self.books: dict[str, Books] = {}
        self.numbers: dict[UUID, str] = {}
        """Of municipalities' claims."""
        self.kela: dict[str, register.KelaRow] = {}
        """One of Kela's claims on the client, for the code that stands sealed in it."""
        self.of_municipality: dict[str, UUID] = {}
        """One claim of a municipality on the client, for the same."""


class Bookkeeper:
    """Reads and writes the books.

    Args:
        ring: The sealing keys.
        secret: The secret that only claims holds, as `events.Scribe` has it.
        protected: The table of the protected share.
        stands: A claim under the body of a day, and whether its account is confirmed; while it is not, its part waits
            (golden G8).
    """

    def __init__(self, ring: KeyRing, secret: bytes, protected: ProtectedShares, stands: Stands) -> None:
        self._ring = ring
        self._scribe = Scribe(ring, secret)
        self._salts = hmac.digest(secret, b"kelmu claims allocation salt v1", "sha256")
        self._protected = protected
        self._stands = stands

    async def rebook(self, tx: Tx, client: str, why: Why, at: datetime) -> list[Outgoing]:
        """Write what an act on a claim changes in its client's books: call it after the act is stored.

        Args:
            tx: The act's transaction; the client is locked in it (`store.claims.lock_clients`).
            client: The client's pseudonym.
            why: `decision` when a claim was accepted or rejected, else `claim`.
            at: When the act happened: its acceptance, or the time at which it was due.

        Returns:
            The events that tell of it, to be published through the outbox.
        """
        # Most claims are on a benefit that is not paid yet: one round trip tells so, reading the books takes eight.
        if not await register.touched(await tx.raw(), [(client, None, helsinki_date(at))]):
            return []
        known = await self.load(tx, [client], helsinki_date(at), ())
        books = known.books.get(client)
        return [] if books is None else await self.write(tx, known, [(client, e) for e in books.rebook(why, at)])

    async def load(
        self, tx: Tx, clients: Sequence[str], since: date, payments: Collection[str], arriving: Collection[str] = ()
    ) -> Known:
        """Read the books of those of the clients on whom there are claims.

        Args:
            tx: A transaction in which the clients are locked.
            clients: Pseudonyms.
            since: Open are payments with a later payday.
            payments: Ids of payments that are read in any case.
            arriving: Clients to whom a claim is on its way: their books are read too.
        """
        connection, known = await tx.raw(), Known()
        concerned = sorted(await register.holders(connection, clients) | set(arriving)) if clients else []
        if not concerned:
            return known
        claims = await self._claims(tx, known, concerned, since)
        to_share: defaultdict[str, list[register.PaymentRow]] = defaultdict(list)
        for row in await register.to_be_shared(connection, concerned, since, payments):
            if _shareable(row):
                to_share[row.payee].append(row)
        await self._open(connection, known, concerned, claims, to_share, payments)
        return known

    async def write(self, tx: Tx, known: Known, entries: Sequence[tuple[str, Entry]]) -> list[Outgoing]:
        """Write entries; the events that tell of them."""
        if not entries:
            return []
        codes = await self._codes(tx, known, {client for client, _ in entries})
        told = [self._allocated(known, client, codes[client], entry) for client, entry in entries]
        rows = [(client, entry, event.id) for (client, entry), event in zip(entries, told, strict=True)]
        await ledger.add(await tx.raw(), rows)
        return told

    def kela_row(self, claim: UUID, code: str) -> str:
        """The identity code of the client of one of Kela's claims, sealed for its row."""
        return self._ring.seal(ROW_KEYS, code.encode(), id=claim, type=KELA_ROW_TYPE)

    async def _claims(self, tx: Tx, known: Known, clients: Sequence[str], day: date) -> dict[str, list[Claimed]]:
        found: defaultdict[str, list[Claimed]] = defaultdict(list)
        for claim in await stored.of_clients(tx.conn, clients):
            borne = self._stands(claim, day)
            found[claim.client].append(claimed(borne.claim, confirmed=borne.confirmed))
            known.numbers[claim.id] = claim.number
            known.of_municipality[claim.client] = claim.id
        for row in await register.kela_claims(await tx.raw(), clients):
            found[row.client].append(row.claimed())
            known.kela[row.client] = row
        return found

    async def _open(
        self,
        connection: "Connection",
        known: Known,
        clients: Sequence[str],
        claims: dict[str, list[Claimed]],
        to_share: dict[str, list[register.PaymentRow]],
        payments: Collection[str],
    ) -> None:
        rows = [row for some in to_share.values() for row in some]
        ids = {row.id for row in rows} | set(payments)
        standing = await ledger.standing(connection, clients)
        numbers = await ledger.numbers(connection, ids)
        days, deaths = await ledger.days(connection, clients), await register.deaths(connection, clients)
        for client in clients:
            known.books[client] = Books(
                claims=claims.get(client, ()),
                died=deaths.get(client),
                payments=(row.payment() for row in to_share.get(client, ())),
                standing=standing.get(client, ()),
                protected=self._protected,
                numbers=numbers,
                day=days.get(client, date.min),
            )

    async def _codes(self, tx: Tx, known: Known, clients: Collection[str]) -> dict[str, str]:
        """The clients' identity codes, out of what stands sealed beside a claim on each."""
        claims = {client: known.of_municipality[client] for client in clients if client in known.of_municipality}
        sealed = await ledger.sealed_rows(await tx.raw(), claims.values())
        found = {client: self._scribe.client(sealed[claim], claim) for client, claim in claims.items()}
        for client in clients:
            if client not in found:
                row = known.kela[client]
                found[client] = self._ring.open(row.personal, id=row.id, type=KELA_ROW_TYPE).decode()
        return found

    def _allocated(self, known: Known, client: str, code: str, entry: Entry) -> Outgoing:
        """An entry as an event (`claims.events`).

        Its id holds, under a key, all that is stated: after a restore the same entry may come to say another thing.
        """
        payment = entry.payment
        stated = AllocationPersonal(
            salt="0" * 32,
            client=code,
            benefit=payment.benefit,
            payday=payment.payday,
            first=payment.first,
            last=payment.last,
            net=payment.net,
            to_client=entry.client,
            shares=tuple(
                ShareStated(
                    claim=share.claim,
                    number=known.numbers.get(share.claim),
                    body=share.body,
                    month=str(share.month),
                    amount=share.amount,
                    held=share.held,
                )
                for share in entry.shares
            ),
        )
        content = f"{entry.payment.version}:{entry.why}:{entry.at.isoformat()}:{stated.model_dump_json()}"
        mark = hmac.digest(self._salts, content.encode(), "sha256").hex()
        id_ = event_id("payment-allocated", payment.id, str(entry.number), mark)
        plain = stated.model_copy(update={"salt": salt(self._salts, id_)}).model_dump_json().encode()
        body = PaymentAllocated(
            payment=payment.id,
            payment_version=payment.version,
            entry=entry.number,
            time=entry.at,
            why=entry.why,
            organisations=tuple(sorted(entry.bodies - {KELA})),
            client=client,
            commitment=commit(plain),
            personal=self._ring.seal("claims", plain, id=id_, type=PaymentAllocated.ce_type),
        )
        return Outgoing.of(CLAIMS_EVENTS, client, id_, body, source=SERVICE, time=entry.at)


def _shareable(row: register.PaymentRow) -> bool:
    """Whether a stored payment can be shared out. One that cannot is left as it stands and told in the log.

    The feed refuses such payments; one that got in all the same, as by an earlier release, must not stop what is done
    to the claims on its client.
    """
    fault: str | None = period_fault(row.benefit, row.first, row.last, row.payday)
    if fault is None and row.payment().net < 0:
        fault = "negative"
    if fault is not None:
        _LOG.error("payment_not_shared", payment=row.id, version=row.version, code=fault)
    return fault is None


def next_day(at: datetime) -> date:
    """The Helsinki day after the one on which something happened."""
    return helsinki_date(at) + timedelta(days=1)
