"""V2: the benefit can be claimed on the ground, by the effective-dated matrix of the day of arrival."""

from services.claims.domain.facts import ClaimFacts
from services.claims.domain.rules.v21_mediation import hint
from services.claims.domain.wording import Triple, refusal
from shared.contracts.base import Refusal
from shared.finnish.claim_matrix import Cell

RULE = "V2"


def refuse(facts: ClaimFacts) -> Refusal | None:
    """Refuse a forbidden cell; an empty one too, with the advice to claim in writing (golden R7).

    Both tell of the mediation account where it is possible (V21).
    """
    if facts.ground is None:
        return None
    law = facts.policy.law(facts.ground)
    match facts.policy.cell(facts.claim.benefit, facts.ground, facts.arrived):
        case Cell.ALLOWED:
            return None
        case Cell.FORBIDDEN:
            return _forbidden(law, hint(facts))
        case Cell.EMPTY:
            row = facts.policy.row(facts.claim.benefit, facts.arrived)
            return _written(law, () if row is None else row.forms, hint(facts))


def _forbidden(law: str, mediation: Triple) -> Refusal:
    fi, sv, en = mediation
    return refusal(
        RULE,
        "claim.matrix.forbidden",
        law,
        reason=(
            f"Tätä etuutta ei voi vaatia maksettavaksi kunnalle perusteella {law}.",
            f"Betalning av denna förmån till kommunen kan inte krävas på grunden {law}.",
            f"Payment of this benefit to the municipality cannot be claimed on the ground {law}.",
        ),
        advice=(
            f"Tarkista etuus ja peruste. Lomakkeellakaan tätä ei voi vaatia.{fi}",
            f"Kontrollera förmånen och grunden. Kravet kan inte heller göras på blankett.{sv}",
            f"Check the benefit and the ground. It cannot be claimed by form either.{en}",
        ),
    )


def _written(law: str, forms: tuple[str, ...], mediation: Triple) -> Refusal:
    fi, sv, en = (f" {word} ".join(forms) for word in ("tai", "eller", "or"))
    free = (
        "Tee vapaamuotoinen kirjallinen vaatimus.",
        "Gör ett fritt formulerat skriftligt krav.",
        "Make a written claim in free form.",
    )
    by_form = (
        f"Tee kirjallinen vaatimus lomakkeella {fi}.",
        f"Gör ett skriftligt krav på blankett {sv}.",
        f"Make the claim on form {en}.",
    )
    advice_fi, advice_sv, advice_en = map("".join, zip(by_form if forms else free, mediation, strict=True))
    return refusal(
        RULE,
        "claim.matrix.written",
        law,
        reason=(
            "Tämän etuuden vaatimusta ei voi rekisteröidä Kelmussa valitulla perusteella.",
            "Krav på denna förmån kan inte registreras i Kelmu på den valda grunden.",
            "A claim of this benefit cannot be registered in Kelmu on the chosen ground.",
        ),
        advice=(advice_fi, advice_sv, advice_en),
    )
