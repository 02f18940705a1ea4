"""Why a claim stands in a list, what is told to whom, and which body a claim stands under."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from services.claims.bearing import Bearing, Scope
from services.claims.domain.bearing import become, borne, were
from services.claims.domain.lists import Listed, notice_of, overlaps, row_of
from services.claims.domain.payday import Timing
from shared.contracts.agreements import Account, AgreementChanged, Bearer, Member, ResponsibilityChanged
from shared.contracts.base import Contract, Validity
from shared.contracts.claims import ClaimState
from shared.directory.model import Directory
from shared.gate.mandates import KELA
from tests.unit.claims.conftest import AGREEMENT
from tests.unit.claims.test_acts import claim

DAY = date(2017, 2, 10)
JUANKOSKI, KUOPIO = "0171360-2", "0171450-7"
LAST_OF_2016, NEW_YEAR = date(2016, 12, 31), date(2017, 1, 1)
CONFIRMED = Account(id="main", iban="FI2112345600000785", confirmed=True)
NEW = AGREEMENT.model_copy(
    update={
        "id": "A-NEW",
        "members": (Member(municipality="297", validity=Validity(first=date(2016, 1, 1))),),
        "accounts": (CONFIRMED.model_copy(update={"confirmed": False}),),
    }
)
OLD = AGREEMENT.model_copy(
    update={
        "id": "A-OLD",
        "party": JUANKOSKI,
        "members": (Member(municipality="174", validity=Validity(first=date(2016, 1, 1), last=LAST_OF_2016)),),
        "accounts": (Account(id="acc-1", iban="FI2112345600000785", confirmed=True),),
    }
)
BORNE = claim(organisation=JUANKOSKI, member="174", agreement="A-OLD", state=ClaimState.ACTIVE)


def bears(municipality: str, *bearers: tuple[str, date, date | None]) -> ResponsibilityChanged:
    return ResponsibilityChanged(
        municipality=municipality,
        version=1,
        bearers=tuple(
            Bearer(organisation=body, form="own", validity=Validity(first=first, last=last))
            for body, first, last in bearers
        ),
    )


def known(*more: Contract) -> Bearing:
    return Bearing(Directory((OLD, bears("297", (KUOPIO, date(2015, 1, 1), None)), *more)))


def listed(state: ClaimState = ClaimState.ACTIVE, *, overlapped: bool = False, **changes: object) -> Listed:
    return Listed(claim(state, **changes), Decimal(1), Decimal(0), overlapped=overlapped, confirmed=True)


def test_g8_given_a_merger_then_the_claim_stands_under_the_successor_and_waits_for_its_account() -> None:
    before = known(NEW).borne(BORNE, LAST_OF_2016)
    assert (before.claim, before.confirmed) == (BORNE, True)
    after = known(NEW).borne(BORNE, NEW_YEAR)
    assert (after.claim.organisation, after.claim.member, after.claim.agreement) == (KUOPIO, "297", "A-NEW")
    assert (after.claim.number, after.claim.arrived, after.claim.origin) == (BORNE.number, BORNE.arrived, BORNE.origin)
    assert not after.confirmed
    confirmed = NEW.model_copy(update={"version": 2, "accounts": (CONFIRMED,)})
    for one in (BORNE, after.claim):
        paid = known(confirmed).borne(one, NEW_YEAR)
        assert (paid.claim.account, paid.confirmed) == ("main", True)


def test_g8_given_a_successor_without_an_agreement_then_nobody_is_paid_until_it_has_one() -> None:
    moved = known().borne(BORNE, NEW_YEAR)
    assert (moved.claim.organisation, moved.confirmed) == (KUOPIO, False)
    assert not known().borne(moved.claim, NEW_YEAR).confirmed
    assert known(NEW.model_copy(update={"accounts": (CONFIRMED,)})).borne(moved.claim, NEW_YEAR).confirmed


def test_given_a_body_that_changes_then_the_municipality_stays() -> None:
    joint = bears("297", (KUOPIO, date(2015, 1, 1), LAST_OF_2016), ("2763264-2", NEW_YEAR, None))
    own = claim(organisation=KUOPIO)
    moved = Bearing(Directory((AGREEMENT, joint))).borne(own, NEW_YEAR).claim
    assert (moved.organisation, moved.member) == ("2763264-2", "297")


def test_given_nothing_stated_then_the_claim_stays_where_it_was_made() -> None:
    own = claim(organisation=KUOPIO)
    found = Bearing(Directory((AGREEMENT,))).borne(own, DAY)
    assert (found.claim, found.confirmed) == (own, True)
    forgotten = Bearing(Directory()).borne(own, DAY)
    assert (forgotten.claim, forgotten.confirmed) == (own, False)


def test_the_account_that_a_claim_names_is_the_one_that_counts() -> None:
    two: AgreementChanged = AGREEMENT
    assert borne(claim(account="acc-2"), "297", KUOPIO, two).confirmed is False
    assert borne(claim(account="nothing"), "297", KUOPIO, two).confirmed is False


def test_a_municipality_has_the_claims_of_those_that_became_it_from_the_day_on() -> None:
    assert (become("174", LAST_OF_2016), become("174", NEW_YEAR), become("x", DAY)) == ("174", "297", "x")
    assert were("297", LAST_OF_2016) == ("297",)
    assert were("297", NEW_YEAR) == ("174", "297")


@pytest.mark.parametrize(
    ("organisation", "member", "sees"),
    [
        (KUOPIO, "297", [True, True, False]),
        ("0211675-2", "837", [False, False, True]),
        (KUOPIO, None, [False, False, False]),
    ],
)
def test_nobody_but_kela_sees_the_claims_of_another_municipality(
    organisation: str, member: str | None, sees: list[bool]
) -> None:
    scope = known(NEW).scope(organisation, member, NEW_YEAR)
    tampere = claim(organisation="0211675-2", member="837")
    assert [scope.covers(one) for one in (claim(), BORNE, tampere)] == sees
    assert all(known(NEW).scope(KELA, "091", NEW_YEAR).covers(one) for one in (claim(), BORNE, tampere))


def test_an_organisation_that_is_not_stated_to_bear_sees_its_own_alone() -> None:
    scope = Bearing(Directory()).scope("2763264-2", "297", DAY)
    assert scope == Scope(members=("174", "297"), organisation="2763264-2")
    assert not scope.covers(claim())


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (listed(), None),
        (listed(ClaimState.IN_HEARING, hearing_deadline=date(2017, 2, 9)), "hearing_over"),
        (listed(ClaimState.IN_HEARING, hearing_deadline=DAY), None),
        (listed(ClaimState.IN_HEARING), "answered"),
        (listed(timing=Timing(None, None)), "cannot_bite"),
        (listed(ClaimState.ENDED, timing=Timing(None, None)), None),
        (listed(ClaimState.REGISTERED), "long"),
        (listed(ClaimState.REGISTERED, arrived=datetime(2017, 2, 1, tzinfo=UTC)), None),
        (listed(last=date(2017, 3, 1)), "ends"),
        (replace(listed(), confirmed=False), "unconfirmed"),
        (listed(ClaimState.REGISTERED, overlapped=True, arrived=datetime(2017, 2, 1, tzinfo=UTC)), None),
    ],
)
def test_a_list_says_why_a_claim_deserves_a_look(one: Listed, expected: str | None) -> None:
    assert notice_of(one, DAY, at_kela=False) == expected


def test_that_two_bodies_meet_is_told_to_kela_alone_and_by_number_only() -> None:
    one = listed(ClaimState.IN_HEARING, overlapped=True)
    assert notice_of(one, DAY, at_kela=True) == "overlap"
    assert notice_of(one, DAY, at_kela=False) == "answered"
    other = claim(organisation="0211675-2", member="837", id=UUID(int=2), number="MV-2017-22222-222222")
    assert overlaps(one.claim, [one.claim, other]) == ("MV-2017-22222-222222",)
    for apart in (
        replace(other, benefit="elatustuki"),
        replace(other, state=ClaimState.REJECTED),
        replace(other, first=date(2017, 7, 1), last=None),
        replace(other, organisation=one.claim.organisation, member=one.claim.member),
    ):
        assert overlaps(one.claim, [apart]) == ()


def test_a_row_names_no_client_and_says_whose_it_is() -> None:
    one = listed()
    row = row_of(one, DAY, "en", at_kela=False, worker=one.claim.worker)
    assert row.mine
    assert not row_of(one, DAY, "en", at_kela=False, worker="v1." + "z" * 26).mine
    assert (row.paid, row.held) == ("1.00", "0.00")
    assert one.claim.client not in row.model_dump_json()
    late = listed(last=DAY + timedelta(days=3))
    texts = {row_of(late, DAY, language, at_kela=False, worker=None).notice for language in ("fi", "sv", "en")}
    assert len(texts) == 3
