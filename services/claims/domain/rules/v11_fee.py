"""V11, golden R2: AML 14: the fee leaves the client the protected share of all net income, by the month's table."""

from decimal import Decimal
from typing import Final

from services.claims.domain.allocation import CareFee
from services.claims.domain.basis import care_fee
from services.claims.domain.facts import ClaimFacts
from services.claims.domain.wording import refusal
from shared.clock.civil import Month
from shared.contracts.asking import CareStated
from shared.contracts.base import Refusal
from shared.contracts.claims import Ground
from shared.gate.refusals import finnish_date
from shared.money import MoneyError, format_money

RULE: Final = "V11"
LAW: Final = "L 734/1992 14 §, A 912/1992 33 §"
INVALID: Final = refusal(
    RULE,
    "claim.care.amount",
    LAW,
    reason=(
        "Hoitomaksu, nettotulot tai muilta peritty määrä ei ole euromäärä, jossa on enintään kaksi desimaalia.",
        "Vårdavgiften, nettoinkomsterna eller det som tas ut av andra är inte ett eurobelopp med högst två decimaler.",
        "The fee, the net income or what is collected elsewhere is not a sum of euros with at most two decimals.",
    ),
    advice=("Kirjoita esimerkiksi 480,00.", "Skriv till exempel 480,00.", "Write for example 480.00."),
)
NOT_POSITIVE: Final = refusal(
    RULE,
    "claim.care.not_positive",
    LAW,
    reason=(
        "Hoitomaksun ja nettotulojen on oltava suurempia kuin nolla, ja muilta peritty ei voi olla negatiivinen.",
        "Vårdavgiften och nettoinkomsterna ska vara större än noll, och det andra betalar inte negativt.",
        "The fee and the net income must be greater than zero, and what is collected elsewhere not below it.",
    ),
    advice=(
        "Tarkista määrät maksupäätöksestä.",
        "Kontrollera beloppen i avgiftsbeslutet.",
        "Check the amounts in the fee decision.",
    ),
)
NOTHING_LEFT: Final = refusal(
    RULE,
    "claim.care.nothing_left",
    LAW,
    reason=(
        "Hoitomaksu peritään jo kokonaan muilta maksajilta.",
        "Hela vårdavgiften tas redan ut av andra betalare.",
        "The whole fee is already collected from other payers.",
    ),
    advice=(
        "Tarkista, paljonko maksusta jää perittäväksi Kelan etuudesta.",
        "Kontrollera hur mycket av avgiften som återstår att ta ut av FPA:s förmån.",
        "Check how much of the fee is left to be collected of Kela's benefit.",
    ),
)


def refuse(facts: ClaimFacts) -> Refusal | None:
    """Refuse malformed amounts, a fee that takes of the protected share, and one that others pay already."""
    first, care = facts.claim.first, facts.claim.care
    if facts.ground is not Ground.AML_14 or first is None or care is None:
        return None
    return check(facts, care, Month.of(first))


def check(facts: ClaimFacts, stated: CareStated, month: Month) -> Refusal | None:
    """What is wrong with a care fee that holds from a month on."""
    try:
        care = care_fee(stated)
    except MoneyError:
        return INVALID
    if care.fee <= 0 or care.income <= 0 or care.others < 0:
        return NOT_POSITIVE
    return _above_share(facts, care, month) or (NOTHING_LEFT if care.others >= care.fee else None)


def _above_share(facts: ClaimFacts, care: CareFee, month: Month) -> Refusal | None:
    try:
        highest, least = facts.shares.highest_fee(care.income, month), facts.shares.of(Decimal(0), month)
    except ValueError:
        return _unknown(facts)
    if care.fee <= highest:
        return None
    money = format_money(least, "fi"), format_money(least, "sv"), format_money(least, "en")
    return refusal(
        RULE,
        "claim.care.fee_too_high",
        LAW,
        reason=(
            f"Hoitomaksu ei jätä asiakkaalle suojaosuutta kaikista nettotuloista, vähintään {money[0]} kuukaudessa.",
            f"Avgiften lämnar inte klienten den skyddade andelen av alla nettoinkomster, minst {money[1]} i månaden.",
            f"The fee does not leave the client the protected share of all net income, at least {money[2]} a month.",
        ),
        advice=(
            "Tarkista maksupäätös ja asiakkaan kaikki nettotulot.",
            "Kontrollera avgiftsbeslutet och klientens alla nettoinkomster.",
            "Check the fee decision and all net income of the client.",
        ),
    )


def _unknown(facts: ClaimFacts) -> Refusal:
    since = facts.shares.rows[0].first
    row = facts.policy.row(facts.claim.benefit, facts.arrived)
    form = " / ".join(() if row is None else row.forms)
    return refusal(
        RULE,
        "claim.care.share_unknown",
        LAW,
        reason=(
            f"Suojaosuus tunnetaan Kelmussa vasta {finnish_date(since)} alkaen.",
            f"Den skyddade andelen är känd i Kelmu först från {finnish_date(since)}.",
            f"Kelmu knows the protected share from {since.isoformat()} on only.",
        ),
        advice=(
            f"Tee kirjallinen vaatimus sitä aiemmasta ajasta. {form}".strip(),
            f"Gör ett skriftligt krav för tiden före det. {form}".strip(),
            f"Make a written claim for the time before it. {form}".strip(),
        ),
    )
