"""What invoicing needs to know of agreements, read from the folded directory: payers, members, population."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from services.billing.domain.instalments import Membership, inhabitants_of
from services.billing.domain.invoice import Payer
from shared.contracts.agreements import AgreementChanged, OrganisationChanged
from shared.contracts.base import Text
from shared.directory.model import Directory
from shared.finnish.municipalities import current_code, municipalities


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two agreements that bear one municipality's population on the same day (golden R10 forbids it)."""

    municipality: str
    agreements: tuple[str, str]
    day: date


def payer_of(directory: Directory, agreement: AgreementChanged, day: date) -> Payer | None:
    """Who pays for an agreement on the day of issue.

    The agreement's party; once that is a municipality merged away, the party that bears its successor (golden G8).
    None when it is not known.
    """
    party = directory.organisation(agreement.party)
    if party is None:
        return None
    code = party.municipality
    if code is not None and code in municipalities() and (now := current_code(code, day)) != code:
        successor = directory.agreement_bearing(now, day)
        party = directory.organisation(successor.party) if successor else None
    return _payer(party) if party else None


def paying_agreement(directory: Directory, agreement: AgreementChanged, day: date) -> AgreementChanged | None:
    """Whose invoices carry what is still to be charged for an agreement: itself while it holds, else its successor.

    Once its party is a municipality merged away, the agreement that bears the successor (golden G9); else the party's
    own agreement of the day. None when no invoice will come.
    """
    party = directory.organisation(agreement.party)
    code = party.municipality if party else None
    if code is not None and code in municipalities() and (now := current_code(code, day)) != code:
        return directory.agreement_bearing(now, day)
    if agreement.validity.covers(day):
        return agreement
    others = (one for one in directory.agreements() if one.party == agreement.party and one.validity.covers(day))
    return max(others, key=lambda one: (one.validity.first, one.id), default=None)


def name_of(directory: Directory, agreement: AgreementChanged) -> Text:
    """Whose agreement it is, for the texts of lines."""
    party = directory.organisation(agreement.party)
    if party is None:
        return Text(fi=agreement.id, sv=agreement.id, en=agreement.id)
    return Text(fi=party.name_fi, sv=party.name_sv, en=party.name_fi)


def uncovered(agreement: AgreementChanged | None, used: tuple[date, date] | None) -> str | None:
    """Why charged usage is not covered by its agreement, in words; None when it is, or when neither is there.

    Args:
        agreement: As it is known.
        used: First and last day of charged usage.
    """
    if agreement is None or used is None:
        return None
    outside = next((day for day in used if not agreement.validity.covers(day)), None)
    if outside is None:
        return None
    last = agreement.validity.last or "until further notice"
    return (
        f"There is charged usage on {outside}, but the agreement is valid {agreement.validity.first} - {last}. "
        "It is billed once the agreement says so, or when the use was reversed."
    )


def memberships(directory: Directory, agreement: AgreementChanged, year: int, year_end: int) -> list[Membership]:
    """The municipalities whose population an agreement bears in a year, and for which days.

    Args:
        directory: The facts.
        agreement: The agreement.
        year: The year of the fee.
        year_end: The year at whose end inhabitants are counted.

    Raises:
        PopulationMissingError: A figure is not stated.
    """
    return [
        Membership(
            code,
            inhabitants_of(code, date(year, 1, 1), lambda one: directory.population(one, year_end)),
            first,
            last,
        )
        for code, first, last in _spans(agreement, year)
    ]


def meetings(agreements: Iterable[AgreementChanged], year: int) -> Iterator[Meeting]:
    """Each pair of agreements that bear the same municipality on some day of the year."""
    spans: dict[str, list[tuple[date, date, str]]] = {}
    for agreement in agreements:
        for code, first, last in _spans(agreement, year):
            spans.setdefault(code, []).append((first, last, agreement.id))
    for code, found in sorted(spans.items()):
        found.sort()
        for (_, last, one), (first, _, other) in pairwise(found):
            if first <= last:
                yield Meeting(code, (one, other), first)


def _spans(agreement: AgreementChanged, year: int) -> Iterator[tuple[str, date, date]]:
    whole = (agreement.validity.first, agreement.validity.last)
    for member in agreement.members:
        bounds = (whole, (member.validity.first, member.validity.last))
        first = max(date(year, 1, 1), *(start for start, _ in bounds))
        last = min((date(year, 12, 31), *(end for _, end in bounds if end is not None)))
        merged = (
            member.municipality in municipalities() and current_code(member.municipality, first) != member.municipality
        )
        if first <= last and not merged:
            yield member.municipality, first, last


def _payer(party: OrganisationChanged) -> Payer:
    return Payer(
        business_id=party.business_id,
        name=party.name_sv if party.language == "sv" else party.name_fi,
        language=party.language,
        e_invoice_address=party.e_invoice_address,
        intermediary=party.intermediary,
        billing_reference=party.billing_reference,
        street=party.street,
        postal_code=party.postal_code,
        town=party.town,
    )
