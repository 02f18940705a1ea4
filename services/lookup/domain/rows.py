"""From a record of the register to its row on the person page."""

from decimal import Decimal

from shared.contracts.answers import (
    ClaimRow,
    DecisionRow,
    InsuranceRow,
    InterruptionRow,
    MedicineRow,
    PaymentRow,
    Pending,
    RecoveryRow,
)
from shared.contracts.register import (
    Application,
    Decision,
    Insurance,
    Interruption,
    Medicine,
    Payment,
    Recovery,
)


def pending(application: Application) -> Pending:
    """A pending application (vireillä oleva hakemus)."""
    return Pending(
        benefit=application.benefit,
        received=application.received,
        stage=application.stage,
        estimated_decision=application.estimated_decision,
        stage_since=application.stage_since,
        missing=application.missing,
    )


def decision(body: Decision) -> DecisionRow:
    """A decision (ratkaisu)."""
    return DecisionRow(
        benefit=body.benefit,
        result=body.result,
        first=body.first,
        last=body.last,
        amount=None if body.amount is None else euros(body.amount),
        decided=body.decided,
        terms=body.terms,
    )


def payment(body: Payment) -> PaymentRow:
    """A payment (maksu): what was withheld is tax and Kela's own recovery."""
    return PaymentRow(
        benefit=body.benefit,
        payday=body.payday,
        first=body.first,
        last=body.last,
        gross=euros(body.gross),
        withheld=euros(body.withheld),
        net=euros(body.net),
        paid_to=body.paid_to,
        tax=euros(body.withheld - body.recovered),
        recovered=euros(body.recovered),
    )


def claim(body: ClaimRow) -> ClaimRow:
    """A claim (maksuvaatimus) of the worker's own organisation stands as claims told it."""
    return body


def insurance(body: Insurance) -> InsuranceRow:
    """An insurance status (vakuuttaminen)."""
    return InsuranceRow(covered=body.covered, first=body.first, last=body.last)


def recovery(body: Recovery) -> RecoveryRow:
    """A recovery (takaisinperintä)."""
    return RecoveryRow(
        benefit=body.benefit, decided=body.decided, total=euros(body.total), remaining=euros(body.remaining)
    )


def medicine(body: Medicine) -> MedicineRow:
    """A year of the medicine ceiling (lääkekatto)."""
    return MedicineRow(year=body.year, ceiling=euros(body.ceiling), used=euros(body.used), reached=body.reached)


def interruption(benefit: str, body: Interruption) -> InterruptionRow:
    """An interruption (keskeytys) of a granted benefit."""
    return InterruptionRow(benefit=benefit, first=body.first, last=body.last, reason=body.reason)


def euros(amount: Decimal) -> str:
    """Euros on the wire."""
    return format(amount, ".2f")
