from dataclasses import replace
from datetime import date

from shared.directory.facts import municipality_on
from shared.gate.facts import Facts, Municipality
from shared.gate.rules import municipality_exists


def test_given_an_existing_municipality_then_it_passes(passing: Facts) -> None:
    assert municipality_exists.refuse(passing) is None


def test_given_no_municipality_chosen_then_it_refuses(passing: Facts) -> None:
    assert municipality_exists.refuse(replace(passing, member=None)) == municipality_exists.REFUSAL


def test_given_an_unknown_code_then_it_refuses(passing: Facts) -> None:
    unknown = replace(passing, member=municipality_on("999", date(2016, 11, 15)))

    assert municipality_exists.refuse(unknown) == municipality_exists.REFUSAL


def test_given_existence_not_known_then_it_refuses(passing: Facts) -> None:
    facts = replace(passing, member=Municipality("297", exists=None))

    assert municipality_exists.refuse(facts) == municipality_exists.UNKNOWN


def test_g8_given_juankoski_on_its_last_day_then_it_passes_and_the_day_after_kuopio_is_named(
    passing: Facts,
) -> None:
    last = replace(passing, member=municipality_on("174", date(2016, 12, 31)))
    after = replace(passing, member=municipality_on("174", date(2017, 1, 1)))

    refused = municipality_exists.refuse(after)

    assert municipality_exists.refuse(last) is None
    assert refused is not None
    assert refused.advice.fi.startswith("Valitse Kuopio.")
    assert "Kuopio" in refused.advice.sv
    assert refused.code == "gate.municipality_exists.merged"
