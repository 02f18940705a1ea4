"""What registering asks of the database, read at once for all registrations that came together.

One by one, each of them would wait for its own handful of answers, and one consumer can only wait so often in a second.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from services.claims.asking import Ask
from services.claims.desks.bounded import counted
from services.claims.domain.facts import ExistingClaim, RegisterFacts
from services.claims.store import claims, dry_runs, facts, register, registrations
from services.claims.store.dry_runs import Count
from services.claims.store.registrations import Key, Sent
from shared.bus.transaction import Tx
from shared.clock.civil import helsinki_date
from shared.contracts.asking import RegisterClaim


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What is known under the clients' locks before the first of the registrations is served.

    Attributes:
        new: Idempotency keys that were taken just now, each for the first who sent it.
        existing: The claims on each client. Only of clients with one registration among these: of two, the second is
            judged by what the first has left.
        register: What the register says of each such client and benefit.
        untouched: Those of them whose books a claim cannot change.
        refused: How many registrations of each worker and day were refused for what is known of clients; grows.
    """

    new: set[Key] = field(default_factory=set)
    existing: Mapping[str, tuple[ExistingClaim, ...]] = field(default_factory=dict)
    register: Mapping[tuple[str, str], RegisterFacts] = field(default_factory=dict)
    untouched: frozenset[str] = frozenset()
    refused: dict[Count, int] = field(default_factory=dict)

    def begins(self, key: Key) -> bool:
        """Whether the key is new; it is so once."""
        if key not in self.new:
            return False
        self.new.remove(key)
        return True

    async def known(self, tx: Tx, client: str, benefit: str) -> tuple[tuple[ExistingClaim, ...], RegisterFacts]:
        """The client's claims, and what the register says of the benefit."""
        pair = (client, benefit)
        if client in self.existing and pair in self.register:
            return self.existing[client], self.register[pair]
        connection = await tx.raw()
        existing = await claims.existing(connection, [client])
        return existing[client], (await facts.register_facts(connection, [pair]))[pair]


async def foresee(tx: Tx, asked: Sequence[tuple[Ask, RegisterClaim]], kept: Sequence[Sent]) -> Foreseen:
    """Take the keys and read what is asked of the clients, who are locked.

    Args:
        tx: The transaction.
        asked: The registrations that the gate lets pass.
        kept: What may be kept under an idempotency key.
    """
    connection = await tx.raw()
    new = await registrations.begin(connection, kept)
    counts = (counted(ask) for ask, _ in asked)
    refused = await dry_runs.refused(connection, [count for count in counts if count is not None])
    often = Counter(ask.client for ask, _ in asked)
    once = {
        ask.client: (sent.benefit, helsinki_date(ask.request.accepted))
        for ask, sent in asked
        if ask.client is not None and often[ask.client] == 1
    }
    if not once:
        return Foreseen(new, refused=refused)
    clients = sorted(once)
    touched = await register.touched(connection, [(client, *once[client]) for client in clients])
    return Foreseen(
        new,
        await claims.existing(connection, clients),
        await facts.register_facts(connection, [(client, once[client][0]) for client in clients]),
        frozenset(clients) - touched,
        refused,
    )
