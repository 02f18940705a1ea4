"""Records of one client, as short as a test can say them."""

from datetime import date
from decimal import Decimal

from services.lookup.domain.found import Recorded
from services.lookup.domain.scope import Scope
from shared.contracts.answers import ClaimRow
from shared.contracts.base import DataGroup
from shared.contracts.register import Application, Decision, Interruption, Payment, Person

CODE = "290200A950Y"
CLIENT = "v1." + "c" * 26
SINCE = date(2015, 1, 1)
ALL = Scope(groups=frozenset(DataGroup), benefits=None, since=SINCE)


def application(
    id_: str, received: date, *, stage: str = "in_process", benefit: str = "kansanelake", missing: tuple[str, ...] = ()
) -> Recorded[Application]:
    body = {"benefit": benefit, "received": received, "stage": stage, "missing": missing, "stage_since": received}
    return Recorded(id_, Application.model_validate(body))


def decision(
    id_: str = "D-1",
    decided: date = date(2016, 1, 15),
    *,
    first: date | None = date(2014, 1, 1),
    last: date | None = None,
    benefit: str = "kansanelake",
    result: str = "granted",
    answers: str = "A-0",
    amount: str | None = "100.00",
    terms: str | None = None,
    interruptions: tuple[Interruption, ...] = (),
) -> Recorded[Decision]:
    body = {
        "application": answers,
        "benefit": benefit,
        "decided": decided,
        "result": result,
        "first": first,
        "last": last,
        "amount": amount,
        "payee": CLIENT,
        "terms": terms,
        "interruptions": interruptions,
    }
    return Recorded(id_, Decision.model_validate(body))


def paid(
    payday: date,
    first: date,
    last: date,
    *,
    benefit: str = "kansanelake",
    gross: str = "620.00",
    tax: str = "0.00",
    recovered: str = "0.00",
    of: str = "D-1",
) -> Payment:
    """A payment of which all that was withheld is tax or Kela's own recovery."""
    withheld = Decimal(tax) + Decimal(recovered)
    return Payment(
        decision=of,
        benefit=benefit,
        payday=payday,
        first=first,
        last=last,
        gross=Decimal(gross),
        withheld=withheld,
        net=Decimal(gross) - withheld,
        paid_to="client",
        recovered=Decimal(recovered),
    )


def payment(id_: str, payday: date, *, benefit: str = "kansanelake") -> Recorded[Payment]:
    """A payment of 620.00, 20.00 of it tax, on a payday of its own month."""
    return Recorded(id_, paid(payday, payday.replace(day=1), payday, benefit=benefit, tax="20.00"))


def claim(number: str, first: date, *, last: date | None = None, state: str = "registered") -> Recorded[ClaimRow]:
    row = ClaimRow(
        number=number,
        benefit="kansanelake",
        ground="aml_14",
        state=state,
        first=first,
        last=last,
        effective_payday=None,
    )
    return Recorded(number, row)


def person(
    *,
    protected: bool = False,
    municipality: str = "297",
    died: date | None = None,
    minor_forbids: bool = False,
) -> Person:
    return Person(
        identity_code=CODE,
        last_name="Ääkkönen",
        first_names="Aada",
        municipality=municipality,
        language="fi",
        safety_prohibition=protected,
        died=died,
        address="Testikatu 1, 70100 Kuopio",
        phone="+358 40 000 0000",
        minor_forbids=minor_forbids,
    )
