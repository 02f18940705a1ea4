"""What was paid of a settled payment stays paid; only what a claim gains later may be held (golden R4, G8).

Of a month a claim may so have two shares of one payment: one paid, one held.
"""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from services.claims.domain.allocation import NOTHING, Share


def paid_to(share: Share, shares: Iterable[Share]) -> Decimal:
    """What of some shares the claim of `share` is paid, not held, for its month."""
    return sum(
        (one.amount for one in shares if one.claim == share.claim and one.month == share.month and not one.held),
        NOTHING,
    )


def keeping(shares: Iterable[Share], before: Iterable[Share]) -> tuple[Share, ...]:
    """Shares of a settled payment's new version, of which what was paid `before` is not held again."""
    known, kept = tuple(before), list[Share]()
    for share in shares:
        paid = min(share.amount, paid_to(share, known)) if share.held else NOTHING
        parts = replace(share, amount=paid, held=False), replace(share, amount=share.amount - paid)
        kept.extend(part for part in parts if part.amount)
    return tuple(kept)


def joined(shares: Iterable[Share]) -> tuple[Share, ...]:
    """The same with growth that is paid by now joined to the share that it grew from."""
    found: list[Share] = []
    for share in shares:
        if found and replace(found[-1], amount=share.amount) == share:
            found[-1] = replace(share, amount=found[-1].amount + share.amount)
        else:
            found.append(share)
    return tuple(found)
