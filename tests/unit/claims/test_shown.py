"""What the command line shows of one claim."""

from dataclasses import replace

from services.claims.commands import fields_of
from services.claims.domain.terms import Widening
from tests.unit.claims.test_acts import DAY, EURO, JUNE, claim
from tests.unit.claims.test_widening import DEARER


def test_a_claim_that_waits_for_nothing_shows_so() -> None:
    shown = dict(fields_of(claim()))
    assert {shown[name] for name in ("hearing until", "stops from", "amounts asked", "widening")} == {"-"}


def test_what_waits_on_a_claim_is_shown_with_its_days_and_amounts() -> None:
    proposed = Widening(JUNE.last, {JUNE: 120 * EURO}, DEARER.care, heard=True)
    shown = dict(fields_of(claim(widening=proposed, amounts_asked=DAY, hearing_deadline=DAY)))
    assert shown["amounts asked"] == "since 2017-02-10"
    assert shown["widening"] == "until 2017-06-30; 2017-06: 120 €; fee from 2017-03: 550 €; heard"
    assert shown["hearing until"] == DAY
    alone = dict(fields_of(claim(widening=replace(proposed, last=None, care=None, heard=False))))
    assert alone["widening"] == "2017-06: 120 €; not heard"


def test_nothing_that_is_shown_names_the_client() -> None:
    assert claim().client not in str(fields_of(claim()))
