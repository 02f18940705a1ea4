"""The way of an agreement: each step in its turn, and an agreement opened when its request is signed."""

from itertools import pairwise, product

import pytest

from services.agreements.domain.records import Record
from services.agreements.domain.rules.paths import NEXT_STEPS
from tests.unit.agreements.made import JOINT, UNTIL_2016, agreement, code_of, joint, member, organisation, path

ORGANISATION = organisation()
STEPS = ("requested", "statement_given", "statement_accepted", "signed", "opened")
TO_SIGNATURE = tuple(path(step, version) for version, step in enumerate(STEPS[:4], start=1))
FORWARD = dict(pairwise(STEPS))
REPEATABLE = {"requested", "statement_given"}


def up_to(step: str) -> list[Record]:
    """The path as it stands after the step, with the agreement where it is opened."""
    reached: list[Record] = [ORGANISATION]
    if step == "withdrawn":
        return [*reached, TO_SIGNATURE[0], path("withdrawn", 2)]
    reached += TO_SIGNATURE[: STEPS.index(step) + 1]
    return [*reached, agreement(), path("opened", 5)] if step == "opened" else reached


@pytest.mark.parametrize(("before", "after"), list(product((*STEPS, "withdrawn"), (*STEPS, "withdrawn"))))
def test_every_step_but_the_next_a_correction_and_a_withdrawal_is_refused(before: str, after: str) -> None:
    known = up_to(before)
    version = sum(getattr(record, "id", "") == "P-297" for record in known) + 1
    opening = [agreement()] if (before, after) == ("signed", "opened") else []
    found = code_of(path(after, version), *known, *opening)
    ended = before in {"opened", "withdrawn"}
    allowed = not ended and (
        FORWARD.get(before) == after or after == "withdrawn" or (before == after and before in REPEATABLE)
    )
    assert found == (True if allowed else "path.ended" if ended else "path.step")


def test_the_first_step_is_the_request() -> None:
    assert NEXT_STEPS[None] == ("requested",)
    assert code_of(path("requested"), ORGANISATION) is True
    assert code_of(path("signed"), ORGANISATION) == "path.step"


@pytest.mark.parametrize(
    ("record", "code"),
    [
        (path(party=JOINT), "path.party"),
        (path(municipalities=()), "path.incomplete"),
        (path(municipalities=("999",)), "path.incomplete"),
        (path(law=" "), "path.incomplete"),
        (path(signatory="Virtanen Olli"), "path.signatory"),
        (path(agreement="S-297"), "path.agreement"),
    ],
)
def test_a_faulty_request_is_refused(record: Record, code: str) -> None:
    assert code_of(record, ORGANISATION) == code


def test_a_request_does_not_pass_to_another_organisation() -> None:
    assert code_of(path("requested", 2, party=JOINT), ORGANISATION, joint(), path()) == "path.party_changed"


def test_a_signature_names_its_signatory() -> None:
    assert code_of(path("signed", 4, signatory=None), *up_to("statement_accepted")) == "path.signatory"
    assert code_of(path("signed", 4, signatory=" "), *up_to("statement_accepted")) == "path.signatory"


@pytest.mark.parametrize("changes", [{"municipalities": ("297", "837")}, {"law": "L 1/2000 1 §"}])
def test_what_was_accepted_is_what_is_signed(changes: dict[str, object]) -> None:
    assert code_of(path("signed", 4, **changes), *up_to("statement_accepted")) == "path.content_changed"
    assert code_of(path("statement_given", 3, **changes), *up_to("statement_given")) is True


def test_the_signatory_stays_the_one_who_signed() -> None:
    assert code_of(path("opened", 5, signatory="Muu Maija"), *up_to("signed"), agreement()) == "path.content_changed"


@pytest.mark.parametrize(
    "opened",
    [
        None,
        agreement(status="suspended"),
        agreement(party=JOINT),
        agreement(members=(member("837"),)),
        agreement(law="L 1/2000 1 §"),
    ],
)
def test_a_path_ends_with_an_open_agreement_of_its_own(opened: Record | None) -> None:
    known = [*up_to("signed"), joint(), *([opened] if opened else [])]
    assert code_of(path("opened", 5), *known) == "path.agreement"


@pytest.mark.parametrize("step", ["requested", "statement_given", "statement_accepted", "opened"])
def test_an_agreement_is_not_opened_before_its_request_is_signed(step: str) -> None:
    another = agreement(id="S-297-2", validity=UNTIL_2016, members=(member("837"),))
    assert code_of(another, *up_to(step)) == "agreement.path"


def test_a_signed_request_opens_an_agreement_on_its_law_and_for_its_municipalities() -> None:
    assert code_of(agreement(), *up_to("signed")) is True
    assert code_of(agreement(law="L 1/2000 1 §"), *up_to("signed")) == "agreement.path"
    assert code_of(agreement(members=(member("837"),)), *up_to("signed")) == "agreement.path"


def test_an_agreement_of_a_party_without_a_request_was_made_on_paper() -> None:
    assert code_of(agreement(), ORGANISATION) is True
    assert code_of(agreement(), *up_to("withdrawn")) is True


def test_an_agreement_that_was_open_before_is_resumed_without_a_request() -> None:
    suspended = agreement(version=2, status="suspended")
    known = (ORGANISATION, agreement(), suspended, path())
    assert code_of(agreement(version=3), *known) is True
    never = (ORGANISATION, agreement(status="suspended"), path())
    assert code_of(agreement(version=2), *never) == "agreement.path"
