"""Whose next invoice carries what comes late."""

from datetime import date

import pytest

from services.billing.facts import paying_agreement
from shared.contracts.base import Contract
from shared.directory.model import Directory
from tests.integration.billing.year import agreement, organisation

DAY = date(2017, 2, 10)


def directory(*facts: Contract) -> Directory:
    found = Directory()
    for fact in facts:
        found.apply(fact)
    return found


def test_a_merged_municipalitys_successor_pays() -> None:
    ended = agreement("174", last=date(2016, 12, 31))
    known = directory(organisation("174"), organisation("297"), ended, agreement("297"))
    paying = paying_agreement(known, ended, DAY)
    assert paying is not None
    assert paying.id == "A-297"


@pytest.mark.parametrize(("last", "expected"), [(None, "A-837"), (date(2016, 12, 31), "B-837")])
def test_an_agreement_pays_for_itself_and_once_ended_the_partys_new_one(last: date | None, expected: str) -> None:
    old = agreement("837", last=last)
    new = agreement("837", first=date(2017, 1, 1)).model_copy(update={"id": "B-837"})
    paying = paying_agreement(directory(organisation("837"), old, new), old, DAY)
    assert paying is not None
    assert paying.id == expected


def test_where_nobody_succeeds_no_invoice_will_come() -> None:
    ended = agreement("020", last=date(2016, 12, 31))
    assert paying_agreement(directory(organisation("020"), ended), ended, DAY) is None
