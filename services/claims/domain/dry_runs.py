"""How often a worker may ask on one day what registering a claim would give, and the refusal past that.

A registration that is refused for what is known of the client tells the same, and has a threshold of its own: past it
a worker's registrations are refused before anything of the client is looked at.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from pydantic import Field, TypeAdapter

from services.claims.domain.wording import refusal
from shared.contracts.base import Refusal
from shared.finnish.dated_rows import Dated


class ThresholdRow(Dated):
    """The thresholds that hold for some days."""

    per_day: int = Field(ge=1)
    refused_per_day: int = Field(ge=1)


class Thresholds:
    """The table.

    Args:
        rows: Its rows.

    Raises:
        ValueError: It has none.
    """

    def __init__(self, rows: Iterable[ThresholdRow]) -> None:
        self.rows: Sequence[ThresholdRow] = tuple(rows)
        if not self.rows:
            raise ValueError("the table of dry runs has no row")

    def refuse(self, runs: int, day: date) -> Refusal | None:
        """Refuse the run that makes `runs` of a worker's day, past the threshold.

        A day for which the table knows no threshold has none to stay below: it is refused too.
        """
        row = self._row(day)
        return None if row is not None and runs <= row.per_day else _exceeded(0 if row is None else row.per_day)

    def bar(self, refused: int, day: date) -> Refusal | None:
        """Refuse a registration of a worker of whom so many were refused on the day for what is known of clients."""
        row = self._row(day)
        most = 0 if row is None else row.refused_per_day
        return None if refused < most else _too_many_refused(most)

    def _row(self, day: date) -> ThresholdRow | None:
        return next((row for row in self.rows if row.holds_on(day)), None)


def read_thresholds(data: object) -> Thresholds:
    """Read the table from parsed data.

    Raises:
        ValidationError: A row breaks its form.
        ValueError: There is no row.
    """
    return Thresholds(TypeAdapter(tuple[ThresholdRow, ...]).validate_python(data))


def _exceeded(per_day: int) -> Refusal:
    return refusal(
        "dry_run_threshold",
        "claims.dry_runs",
        "L 812/2000 20 §",
        reason=(
            f"Olet tarkistanut vaatimuksia etukäteen tänään jo {per_day} kertaa, mikä on päivän enimmäismäärä.",
            f"Du har redan förhandsgranskat krav {per_day} gånger i dag, vilket är dagens största antal.",
            f"You have checked claims in advance {per_day} times today already, which is the most for one day.",
        ),
        advice=(
            "Rekisteröi vaatimus: kuittaus tai hylkäys kertoo saman. Huomenna voit taas tarkistaa etukäteen.",
            "Registrera kravet: kvittot eller avslaget säger detsamma. I morgon kan du åter granska på förhand.",
            "Register the claim: the receipt or the refusal tells the same. Tomorrow you may check in advance again.",
        ),
    )


def _too_many_refused(per_day: int) -> Refusal:
    return refusal(
        "refused_registrations_threshold",
        "claims.refused_registrations",
        "L 812/2000 20 §",
        reason=(
            f"Rekisteröinneistäsi on tänään hylätty asiakkaan tietojen perusteella {per_day}, mikä on enimmäismäärä.",
            f"Av dina registreringar har {per_day} i dag avslagits utifrån klientens uppgifter, som är det mesta.",
            f"Of your registrations {per_day} were refused today for what is known of clients, which is the most.",
        ),
        advice=(
            "Kiireellisen vaatimuksen voi rekisteröidä kollega. Huomenna voit taas rekisteröidä itse.",
            "En kollega kan registrera ett brådskande krav. I morgon kan du åter registrera själv.",
            "A colleague may register an urgent claim. Tomorrow you may register again yourself.",
        ),
    )
