from datetime import UTC, date, datetime

import pytest

from shared.contracts.agreements import (
    AgreementChanged,
    Heartbeat,
    MandateChanged,
    Member,
    OrganisationChanged,
    PopulationStated,
)
from shared.contracts.base import Channel, Contract, DataGroup, Purpose, Role, Validity
from shared.directory.model import Directory, bears

WORKER = "v1." + "a" * 26
OTHER_WORKER = "v1." + "b" * 26
JOINT = "1234567-1"
YEAR_2016 = Validity(first=date(2016, 1, 1), last=date(2016, 12, 31))
SINCE_2017 = Validity(first=date(2017, 1, 1))


def organisation(version: int = 1, *, name: str = "Kuopio", municipality: str | None = "297") -> OrganisationChanged:
    return OrganisationChanged(
        business_id=JOINT,
        version=version,
        kind="municipality",
        municipality=municipality,
        name_fi=name,
        name_sv=name,
    )


def agreement(
    agreement_id: str = "A-1",
    version: int = 1,
    *,
    status: str = "open",
    validity: Validity = YEAR_2016,
    members: tuple[Member, ...] = (Member(municipality="297", validity=Validity(first=date(2010, 1, 1))),),
    party: str = JOINT,
) -> AgreementChanged:
    return AgreementChanged.model_validate(
        {
            "id": agreement_id,
            "version": version,
            "party": party,
            "validity": validity,
            "status": status,
            "law": "L 812/2000 21 §",
            "purposes": (Purpose.CHARGE,),
            "data_groups": (DataGroup.PAYMENTS,),
            "channels": (Channel.UI,),
            "window_months": 24,
            "covers_claims": True,
            "security_statement": True,
            "members": members,
        }
    )


def mandate(
    mandate_id: str = "M-1", version: int = 1, *, worker: str = WORKER, validity: Validity = YEAR_2016
) -> MandateChanged:
    return MandateChanged(
        id=mandate_id,
        version=version,
        worker=worker,
        organisation=JOINT,
        member="297",
        roles=(Role.FEE_CLERK,),
        validity=validity,
    )


def test_given_a_higher_version_when_applied_then_it_replaces_the_record() -> None:
    directory = Directory([organisation(1, name="Old")])

    assert directory.apply(organisation(2, name="New"))

    known = directory.organisation(JOINT)
    assert known is not None
    assert known.name_fi == "New"


@pytest.mark.parametrize(
    ("known", "late"),
    [
        (organisation(2, name="New"), organisation(1, name="Old")),
        (agreement(version=2), agreement(version=1, status="terminated")),
        (mandate(version=2), mandate(version=1, worker=OTHER_WORKER)),
        (
            PopulationStated(municipality="297", year_end=2015, version=2, inhabitants=7),
            PopulationStated(municipality="297", year_end=2015, version=1, inhabitants=6),
        ),
    ],
)
def test_given_a_newer_record_when_an_older_or_repeated_version_arrives_then_nothing_changes(
    known: Contract, late: Contract
) -> None:
    directory = Directory([known])

    assert not directory.apply(late)
    assert not directory.apply(known)


def test_given_the_same_events_in_any_order_then_the_directories_agree() -> None:
    events = [mandate(version=1), mandate(version=3, worker=OTHER_WORKER), mandate(version=2)]
    for order in (events, events[::-1], [events[1], events[0], events[2]]):
        directory = Directory(order)

        assert directory.mandates(WORKER, date(2016, 5, 1)) == ()
        assert directory.mandates(OTHER_WORKER, date(2016, 5, 1)) == (events[1],)


def test_given_one_agreement_a_year_when_asked_by_day_then_the_one_of_that_day_answers() -> None:
    directory = Directory([agreement("A-1", validity=YEAR_2016), agreement("A-2", validity=SINCE_2017)])

    before = directory.agreement_of(JOINT, "297", date(2016, 12, 31))
    after = directory.agreement_of(JOINT, "297", date(2017, 1, 1))

    assert before is not None
    assert after is not None
    assert (before.id, after.id) == ("A-1", "A-2")


def test_given_a_member_that_left_when_asked_after_its_last_day_then_no_agreement_bears_it() -> None:
    leaving = (Member(municipality="174", validity=YEAR_2016),)
    directory = Directory([agreement(validity=Validity(first=date(2016, 1, 1)), members=leaving)])

    assert directory.agreement_of(JOINT, "174", date(2016, 12, 31)) is not None
    assert directory.agreement_of(JOINT, "174", date(2017, 1, 1)) is None
    assert directory.agreement_bearing("174", date(2016, 12, 31)) is not None
    assert directory.agreement_bearing("174", date(2017, 1, 1)) is None
    assert not bears(agreement(members=leaving), "174", date(2017, 1, 1))


def test_given_an_ended_agreement_when_asked_for_the_nearest_then_it_is_found_for_the_refusal() -> None:
    elsewhere = (Member(municipality="091", validity=SINCE_2017),)
    directory = Directory([agreement("A-1"), agreement("A-9", validity=SINCE_2017, members=elsewhere)])

    nearest = directory.nearest_agreement(JOINT, "297", date(2017, 6, 1))

    assert nearest is not None
    assert nearest.id == "A-1"
    assert directory.nearest_agreement("7654321-0", "297", date(2017, 6, 1)) is None


def test_given_an_open_and_a_terminated_agreement_on_one_day_then_the_open_one_is_preferred() -> None:
    directory = Directory([agreement("A-1"), agreement("A-2", status="terminated")])

    chosen = directory.agreement_of(JOINT, "297", date(2016, 6, 1))

    assert chosen is not None
    assert chosen.id == "A-1"


def test_given_an_agreement_that_moves_to_another_party_then_the_former_party_has_none() -> None:
    directory = Directory([agreement(version=1), agreement(version=2, party="7654321-0")])

    assert directory.agreement_of(JOINT, "297", date(2016, 6, 1)) is None
    assert directory.agreement_of("7654321-0", "297", date(2016, 6, 1)) is not None


def test_given_mandates_of_two_years_when_asked_by_day_then_only_that_days_are_given() -> None:
    directory = Directory([mandate("M-1", validity=YEAR_2016), mandate("M-2", validity=SINCE_2017)])

    assert [known.id for known in directory.mandates(WORKER, date(2016, 12, 31))] == ["M-1"]
    assert [known.id for known in directory.mandates(WORKER, date(2017, 1, 1))] == ["M-2"]
    assert [known.id for known in directory.all_mandates()] == ["M-1", "M-2"]


def test_given_a_heartbeat_of_a_clock_that_was_ahead_when_a_true_one_follows_then_the_true_one_stands() -> None:
    ahead, true = datetime(2999, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
    directory = Directory([Heartbeat(at=ahead)])

    assert directory.apply(Heartbeat(at=true))
    assert directory.heartbeat == true


def test_given_an_agreement_when_its_newest_version_is_unreadable_then_it_is_unknown_until_a_readable_one() -> None:
    day, known = date(2016, 5, 1), agreement(version=2)
    directory = Directory([agreement("A-2"), known])

    assert directory.forget("A-1")

    assert directory.agreement("A-1") is None
    assert [left.id for left in directory.agreements()] == ["A-2"]
    assert directory.forget("A-2")
    assert directory.agreement_of(JOINT, "297", day) is None
    assert directory.nearest_agreement(JOINT, "297", day) is None
    assert directory.agreement_bearing("297", day) is None
    assert not directory.apply(known)
    assert directory.agreement("A-1") is None
    assert directory.apply(agreement(version=3, status="terminated"))
    found = directory.agreement("A-1")
    assert found is not None
    assert found.status == "terminated"


def test_given_other_records_when_their_newest_version_is_unreadable_then_they_are_unknown_too() -> None:
    inhabitants = PopulationStated(municipality="297", year_end=2015, version=1, inhabitants=112_153)
    directory = Directory([organisation(), mandate(), mandate("M-2"), inhabitants])

    assert [directory.forget(key) for key in (JOINT, "M-1", "297/2015", "heartbeat")] == [True, True, True, False]

    assert directory.organisation(JOINT) is None
    assert directory.mandates(WORKER, date(2016, 5, 1)) == (mandate("M-2"),)
    assert directory.population("297", 2015) is None
    assert directory.apply(mandate(version=2))
    assert len(directory.mandates(WORKER, date(2016, 5, 1))) == 2


def test_given_population_when_asked_for_another_year_then_it_is_unknown() -> None:
    directory = Directory([PopulationStated(municipality="297", year_end=2015, version=1, inhabitants=112_153)])

    assert directory.population("297", 2015) == 112_153
    assert directory.population("297", 2016) is None


def test_given_events_of_other_kinds_then_they_are_ignored() -> None:
    assert not Directory().apply(Contract())


def test_given_records_then_lists_come_in_order() -> None:
    directory = Directory([agreement("A-2"), agreement("A-1"), organisation()])

    assert [known.id for known in directory.agreements()] == ["A-1", "A-2"]
    assert directory.agreement("A-1") is not None
    assert directory.municipalities() == ("297",)
    assert [known.business_id for known in directory.organisations()] == [JOINT]
