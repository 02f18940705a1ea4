"""Documents, lines and explanations as answers tell them: whole to the payer, its own part to a member municipality."""

from services.billing.desks.narrowing import borne, facts, fault, figures
from services.billing.domain.invoice import Invoice, Line
from services.billing.domain.scope import Scope
from services.billing.domain.texts import ASSUMED_PRICE
from services.billing.explaining import Explained
from services.billing.store.explaining import UsedEvent
from shared.contracts.answers.billing import (
    BillingDocument,
    BillingLine,
    DocumentRow,
    EarlierRow,
    FactRow,
    LineRow,
    MemberDays,
    PartRow,
    RectificationRow,
    UseRow,
)
from shared.money import ZERO


def document_row(invoice: Invoice, scope: Scope) -> DocumentRow | None:
    """A document in the list; None when nothing of it is the asker's. A member's total is its own part."""
    share = None
    if not scope.whole(invoice):
        own = [member.amount for member in invoice.members if member.municipality == scope.municipality]
        if not own:
            return None
        share = str(sum(own, ZERO))
    return DocumentRow(
        number=invoice.number,
        type=invoice.kind,
        credits=invoice.credits,
        agreement=invoice.agreement,
        payer=invoice.payer.name,
        price_book=invoice.price_book,
        period=invoice.period,
        issued_on=invoice.issued_on,
        due=invoice.due,
        total=share or str(invoice.total),
        share=share,
    )


def document_told(invoice: Invoice, digest: str, scope: Scope) -> BillingDocument | None:
    """A document; None when nothing of it is the asker's."""
    row = document_row(invoice, scope)
    if row is None:
        return None
    only = None if row.share is None else scope.municipality
    lines = [line for line in invoice.lines if borne(line, only)]
    return BillingDocument(
        document=row,
        payer_id=invoice.payer.business_id,
        reference=invoice.reference if only is None else "",
        legal_basis=invoice.legal_basis,
        lines=tuple(line_row(line, only) for line in lines),
        # Whoever knows all but one amount of a document could find that amount by its digest.
        digest=digest if only is None else "",
        price_notice=ASSUMED_PRICE,
        rectification=invoice.rectification,
        rectification_until=invoice.rectification_until,
    )


def line_row(line: Line, only: str | None = None) -> LineRow:
    """A line with every member's part, or one member's part of it."""
    told = figures(line, only)
    parts = (
        PartRow(municipality=part.municipality, quantity=part.quantity, amount=str(part.amount))
        for part in line.parts
        if only in (None, part.municipality)
    )
    return LineRow(
        row=line.row,
        why=line.why,
        agreement=line.charged.agreement,
        price_book=line.charged.price_book,
        period=line.charged.period,
        product=line.product,
        text=line.text,
        law=line.law,
        price_row=line.price_row,
        source=line.source,
        assumed=line.assumed,
        calculation=told.calculation,
        quantity=told.quantity,
        unit=line.unit,
        unit_price=told.unit_price,
        amount=told.amount,
        parts=tuple(parts),
    )


def line_told(found: Explained, only: str | None = None) -> BillingLine:
    """An explanation without its uses; `only` leaves one member's part, and neither grounds nor decisions of others."""
    ground, fee, decided = found.ground, found.fee, found.decided
    return BillingLine(
        number=ground.invoice.number,
        line=line_row(ground.line, only),
        basis=ground.basis,
        tier=ground.tier,
        sound=found.fault is None,
        fault=fault(found, only),
        counted={code: n for code, n in sorted(found.counted.items()) if only in (None, code)},
        rests_on=tuple(line.row for line in ground.rows if borne(line, only)),
        # Which with the own part would tell what is left for the others.
        minimum=None if ground.minimum is None or only is not None else str(ground.minimum),
        members=tuple(
            MemberDays(municipality=m.municipality, inhabitants=m.inhabitants, days=m.days, amount=str(m.amount))
            for m in (fee.members if fee else ())
            if only in (None, m.municipality)
        ),
        facts=tuple(FactRow(event=fact.event, what=fact.what, late=fact.late) for fact in facts(found, only)),
        earlier=tuple(
            EarlierRow(period=one.period, outcome=one.outcome, document=one.document, amount=str(one.amount))
            for one in (found.earlier if only is None else ())
        ),
        decision=RectificationRow(
            demand=decided.demand,
            received=decided.received,
            outcome=decided.outcome,
            amount=str(decided.amount),
            grounds=decided.grounds,
        )
        if decided and only is None
        else None,
        price_notice=ASSUMED_PRICE,
    )


def use_row(use: UsedEvent) -> UseRow:
    """One use."""
    return UseRow(
        event=use.event,
        time=use.time,
        member=use.member,
        product=use.product,
        reversal=use.reversal,
        counts=use.counts,
    )
