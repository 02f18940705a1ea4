"""The tables of law: what they say, and that wrong ones do not load."""

from datetime import date
from typing import cast

import pytest
import yaml
from pydantic import ValidationError

from services.claims.data_files import policy
from shared.contracts.claims import Ground
from shared.finnish.claim_matrix import Cell, read_policy

DAY = date(2016, 12, 1)
Tables = dict[str, list[dict[str, object]]]

BOTH = {
    "kansanelake", "takuuelake", "peruspaivaraha", "tyomarkkinatuki", "sairauspaivaraha", "vanhempainpaivaraha",
    "kuntoutusraha", "opintotuki", "lasten_kotihoidon_tuki", "joustava_hoitoraha", "osittainen_hoitoraha", "lapsilisa",
    "elatustuki",
}  # fmt: skip


def tables() -> Tables:
    """The tables as data, to be spoiled."""
    return cast("Tables", yaml.safe_load(policy().model_dump_json()))


def test_the_matrix_allows_exactly_the_pairs_of_kela() -> None:
    expected = {(benefit, ground) for benefit in BOTH for ground in Ground}
    assert set(policy().pairs(DAY)) == expected | {("yleinen_asumistuki", Ground.TOTUL_23)}


def test_a_benefit_without_a_row_on_the_day_is_an_empty_cell() -> None:
    assert policy().cell("kansanelake", Ground.AML_14, date(2015, 12, 31)) is Cell.EMPTY
    assert policy().cell("perhe_elake", Ground.AML_14, DAY) is Cell.EMPTY


def test_two_rows_of_one_benefit_on_one_day_do_not_load() -> None:
    spoiled = tables()
    spoiled["benefits"].append(spoiled["benefits"][0] | {"first": "2020-01-01"})
    with pytest.raises(ValidationError, match="two rows on one day"):
        read_policy(spoiled)


def test_a_changed_rule_is_a_new_row_after_the_old_one_ended() -> None:
    changed = tables()
    old = changed["benefits"][0]
    changed["benefits"].append(old | {"first": "2018-01-01", "allowed": []})
    old["last"] = "2017-12-31"
    read = read_policy(changed)
    assert read.cell("kansanelake", Ground.AML_14, date(2017, 12, 31)) is Cell.ALLOWED
    assert read.cell("kansanelake", Ground.AML_14, date(2018, 1, 1)) is Cell.EMPTY


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"benefits": ["no_such"]}, "no benefit"),
        ({"forbidden": ["totul_23"]}, "allowed and forbidden"),
        ({"forms": ["EV 1"]}, "forms"),
        ({"allowed": ["aml_7"]}, "allowed"),
        ({"note": "x"}, "note"),
        ({"source": ""}, "source"),
    ],
)
def test_a_wrong_row_does_not_load(changes: dict[str, object], told: str) -> None:
    spoiled = tables()
    spoiled["benefits"][0] |= changes
    with pytest.raises(ValidationError, match=told):
        read_policy(spoiled)


def test_a_ground_without_its_law_does_not_load() -> None:
    spoiled = tables()
    spoiled["grounds"].pop()
    with pytest.raises(ValidationError, match="grounds"):
        read_policy(spoiled)
