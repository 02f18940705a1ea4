"""The life of a payment claim (maksuvaatimus) as one table: from which state, by which act, by whom, to which state.

What stands in no row cannot happen. Sources of the states: `domain.md` B; that the client is heard and a written
decision is given before the first payment is V15 (L 434/2003 34 §, L 568/2007 63 §); that an end stops from the next
unpaid instalment and never rewrites paid ones is V16.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Final

from shared.contracts.base import Refusal, Text
from shared.contracts.claims import ClaimState
from shared.refusals import refusal


class Act(StrEnum):
    """What is done to a claim."""

    REGISTER = "register"
    AWAIT = "await"
    """The benefit is not decided yet (ToTuL 23: an awaited benefit)."""
    HEAR = "hear"
    """The client, or the guardian, is asked to be heard (kuuleminen)."""
    ACCEPT = "accept"
    REJECT = "reject"
    ACTIVATE = "activate"
    """The written decision was sent: payments follow the claim."""
    SUSPEND = "suspend"
    RESUME = "resume"
    END = "end"
    """End notice: from the next unpaid instalment on nothing more is taken."""
    FINISH = "finish"
    """The last day has passed and nothing is open."""
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    """The awaited benefit was refused, the client died before the decision, or nothing was left to bite on."""
    CHANGE = "change"
    """A new version with other months, amounts or days."""
    ANSWER = "answer"
    """The client's answer to the hearing, or that the deadline passed without one."""
    IN_TIME = "in_time"
    """The claim bites on payments nearer than fourteen days too (golden G6: "unless the handler decides otherwise")."""
    RETURN = "return"
    """Palautus: the municipality gave back to Kela what it was paid too much. Paid instalments stay as they were."""
    REFUND = "refund"
    """Hyvitys: Kela pays back what the municipality gave back beyond what it was paid, as a correction left it."""
    HAND_OVER = "hand_over"
    """Siirto: the claim of a worker who leaves is another's of the same body from now on."""
    ASK_AMOUNTS = "ask_amounts"
    """The awaited benefit was granted: the worker is asked to confirm the monthly amounts (golden R6)."""
    CONFIRM = "confirm"
    """Vahvista määrät: they are as stated, or as they are changed with it."""
    WIDEN = "widen"
    """More is to be taken than the client was heard about: proposed, until it is heard and decided (V15)."""
    DROP = "drop"
    """The municipality takes a proposed widening back."""
    MOVE = "move"
    """The body that bears the municipality changed: merger, joint authority, host municipality (golden G8)."""


class Party(StrEnum):
    """Who may do it."""

    CLAIMANT = "claimant"
    HANDLER = "handler"
    """Kela's claim handler."""
    SYSTEM = "system"
    """Time, or an event of the register."""


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table."""

    before: ClaimState
    act: Act
    by: frozenset[Party]
    after: ClaimState


def _rows(*rows: tuple[str, Act, str, str]) -> tuple[Transition, ...]:
    return tuple(
        Transition(ClaimState(before), act, frozenset(Party(who) for who in by.split()), ClaimState(after))
        for before, act, by, after in rows
    )


TRANSITIONS: Final = _rows(
    ("draft", Act.REGISTER, "claimant", "registered"),
    ("registered", Act.AWAIT, "system handler", "waiting_for_decision"),
    ("registered", Act.HEAR, "handler", "in_hearing"),
    ("waiting_for_decision", Act.HEAR, "handler", "in_hearing"),
    ("waiting_for_decision", Act.EXPIRE, "system handler", "expired"),
    ("registered", Act.EXPIRE, "system", "expired"),
    ("in_hearing", Act.EXPIRE, "system", "expired"),
    ("in_hearing", Act.ACCEPT, "handler", "accepted"),
    ("in_hearing", Act.REJECT, "handler", "rejected"),
    ("accepted", Act.ACTIVATE, "system handler", "active"),
    ("active", Act.SUSPEND, "handler claimant", "suspended"),
    ("suspended", Act.RESUME, "handler claimant", "active"),
    ("accepted", Act.END, "claimant handler system", "ending"),
    ("active", Act.END, "claimant handler system", "ending"),
    ("suspended", Act.END, "claimant handler system", "ending"),
    ("ending", Act.FINISH, "system", "ended"),
    ("registered", Act.CHANGE, "claimant", "registered"),
    ("waiting_for_decision", Act.CHANGE, "claimant", "waiting_for_decision"),
    ("active", Act.CHANGE, "claimant", "active"),
    ("registered", Act.WITHDRAW, "claimant", "withdrawn"),
    ("waiting_for_decision", Act.WITHDRAW, "claimant", "withdrawn"),
    ("in_hearing", Act.WITHDRAW, "claimant", "withdrawn"),
    ("accepted", Act.WITHDRAW, "claimant", "withdrawn"),
    ("in_hearing", Act.ANSWER, "handler system", "in_hearing"),
    ("waiting_for_decision", Act.ASK_AMOUNTS, "system", "waiting_for_decision"),
    *(
        (state, Act.CONFIRM, "claimant", state)
        for state in ("waiting_for_decision", "in_hearing", "accepted", "active", "suspended")
    ),
    # A widening is heard and decided while the claim goes on as it was decided before.
    ("active", Act.WIDEN, "claimant", "active"),
    ("active", Act.DROP, "claimant", "active"),
    ("active", Act.HEAR, "handler", "active"),
    ("active", Act.ANSWER, "handler system", "active"),
    ("active", Act.ACCEPT, "handler", "active"),
    ("active", Act.REJECT, "handler", "active"),
    *(
        (state, what, by, state)
        for what, by in ((Act.RETURN, "claimant"), (Act.REFUND, "handler"))
        for state in ("accepted", "active", "suspended", "ending", "ended", "withdrawn")
    ),
    *(
        (state, Act.IN_TIME, "handler", state)
        for state in ("registered", "waiting_for_decision", "in_hearing", "accepted", "active", "suspended")
    ),
    *(
        (state, Act.HAND_OVER, "claimant", state)
        for state in (
            *("registered", "waiting_for_decision", "in_hearing", "accepted", "active", "suspended", "ending"),
        )
    ),
    *(
        (state, Act.MOVE, "system", state)
        for state in (
            *("registered", "waiting_for_decision", "in_hearing", "accepted", "active", "suspended", "ending"),
        )
    ),
)
GIVING_BACK: Final = frozenset({Act.RETURN, Act.REFUND})
"""Money that goes back and forth beside the books, also after the claim's end."""
OPEN: Final = frozenset(row.before for row in TRANSITIONS if row.act not in GIVING_BACK)
"""States from which something can still happen to the claim."""
UNDECIDED: Final = frozenset({ClaimState.REGISTERED, ClaimState.WAITING, ClaimState.IN_HEARING, ClaimState.SUSPENDED})
"""States in which the claimed part of a payment is held back (golden R4)."""
HEARD: Final = frozenset({ClaimState.IN_HEARING, ClaimState.ACCEPTED, ClaimState.ACTIVE, ClaimState.SUSPENDED})
"""States in which the client was heard about what the claim states: it comes to state no more (V15)."""
_refusal = partial(refusal, law="L 434/2003 34 §", rule="life_cycle")
_ROWS: Final = {(row.before, row.act): row for row in TRANSITIONS}


def move(state: ClaimState, act: Act, by: Party) -> ClaimState | Refusal:
    """The state that an act leads to, or why it cannot be done."""
    row = _ROWS.get((state, act))
    if row is None:
        return _refusal(
            "claims.state",
            Text(
                fi="Vaatimuksen nykyisessä tilassa tätä ei voi tehdä.",
                sv="Detta kan inte göras i kravets nuvarande läge.",
                en="This cannot be done in the claim's present state.",
            ),
            Text(
                fi="Avaa vaatimus uudelleen: joku on voinut jo käsitellä sitä.",
                sv="Öppna kravet på nytt: någon kan redan ha behandlat det.",
                en="Open the claim again: somebody may have handled it already.",
            ),
        )
    if by not in row.by:
        return _refusal(
            "claims.party",
            Text(
                fi="Tämän tekee toinen osapuoli.",
                sv="Detta görs av den andra parten.",
                en="This is for the other party to do.",
            ),
            Text(
                fi="Kela kuulee asiakasta ja ratkaisee; kunta muuttaa, peruuttaa ja ilmoittaa päättymisestä.",
                sv="FPA hör klienten och avgör; kommunen ändrar, återtar och meddelar att kravet upphör.",
                en="Kela hears the client and decides; the municipality changes, withdraws and tells of the end.",
            ),
        )
    return row.after
