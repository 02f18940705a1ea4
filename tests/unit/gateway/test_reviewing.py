"""The main user's review: leavers, idle accounts and needless mandates come first, with what is to be noticed."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.gateway.domain.differing import Differing, changes
from services.gateway.domain.reviewing import Finding, review
from shared.contracts.agreements import MandateChanged, UserChanged
from shared.contracts.answers import RecordVersion
from shared.contracts.base import Role, Validity
from shared.ids import pseudonym

DAY = date(2016, 12, 31)
NOON = datetime(2016, 12, 1, 10, 0, tzinfo=UTC)
TAMPERE = "0211675-2"
WORKER = pseudonym(b"p" * 32, "worker", "010180-9015")


def user(status: str, why: str) -> UserChanged:
    values = {"id": f"{TAMPERE}/{WORKER}", "version": 1, "worker": WORKER, "organisation": TAMPERE, "since": DAY}
    return UserChanged.model_validate({**values, "status": status, "why": why})


def mandate(last: date | None) -> MandateChanged:
    return MandateChanged(
        id="M-1",
        version=1,
        worker=WORKER,
        organisation=TAMPERE,
        member="837",
        roles=(Role.VIEWER,),
        validity=Validity(first=date(2016, 1, 1), last=last),
    )


@pytest.mark.parametrize(
    ("account", "last", "findings"),
    [
        (user("active", "opened"), DAY + timedelta(days=31), ()),
        (user("active", "opened"), DAY + timedelta(days=30), ("ends_soon",)),
        (user("active", "opened"), None, ("no_end",)),
        (user("active", "opened"), DAY - timedelta(days=1), ("no_mandate",)),
        (user("locked", "left"), DAY + timedelta(days=31), ("left_with_mandates",)),
        (user("locked", "left"), DAY - timedelta(days=1), ()),
        (user("locked", "idle"), DAY + timedelta(days=31), ("idle", "locked_with_mandates")),
        (None, DAY + timedelta(days=31), ("no_account",)),
    ],
)
def test_what_is_to_be_noticed_of_a_worker(
    account: UserChanged | None, last: date | None, findings: tuple[Finding, ...]
) -> None:
    (row,) = review([] if account is None else [account], [mandate(last)], DAY)
    assert row.findings == findings


def test_a_version_tells_which_fields_it_changed() -> None:
    bodies = ('{"version":1,"status":"open","roles":["a"]}', '{"version":2,"status":"suspended","roles":["a","b"]}')
    versions = [
        RecordVersion(kind="k", id="i", version=n, body=body, recorded_at=NOON, actor="a", reason="r")
        for n, body in enumerate(bodies, start=1)
    ]
    assert changes(versions) == {2: (Differing("roles", "a", "a; b"), Differing("status", "open", "suspended"))}
