"""A payment that is corrected after the municipality gave it back: what Kela owes is a task until it is refunded."""

from datetime import date
from typing import Any

from shared.contracts.answers import ClaimDone, ClaimListRow, ClaimsPage, ClaimView, SettlementsPage
from shared.contracts.asking import ClaimQuery, ClaimsQuery, SettlementsQuery
from shared.contracts.claims import ClaimChanged
from tests.integration.claims.claimants import KELA, KUOPIO, Claimant
from tests.integration.claims.desk import Open
from tests.integration.claims.office import AFTER_PAYDAY, Room, code_of, registered

DAY = date(2017, 1, 9)


async def listed(open_: Open, view: str, by: Claimant) -> list[ClaimListRow]:
    page = await open_.ask(ClaimsQuery.model_validate({"view": view}), by=by, accepted=AFTER_PAYDAY)
    assert isinstance(page, ClaimsPage), page
    return list(page.rows)


def given(amount: str) -> dict[str, Any]:
    stated = {"amount": amount, "day": DAY, "reference": "12344"}
    return {"returned": stated, "reason": "Etuus oikaistiin palautuksen jälkeen.", "accepted": AFTER_PAYDAY}


async def test_v16_given_a_return_and_a_lower_correction_then_what_is_owed_is_kelas_task_until_it_is_refunded(
    room: Room,
) -> None:
    office, open_ = room
    case = await registered(open_)
    await office.pay(open_.rig.engine)
    await case.accepted()
    assert await listed(open_, "queue", KELA) == []
    assert isinstance(await case.act("return", **given("120,50")), ClaimDone)
    await office.correct(open_.rig.engine, "30.00", version=2)
    for by, view in ((KELA, "queue"), (KUOPIO, "team")):
        (row,) = await listed(open_, view, by)
        assert (row.number, row.paid, row.returned, row.owed) == (case.number, "0.00", "120.50", "90.50")
        assert row.notice is not None
        assert "Kela hyvittää" in row.notice
    assert code_of(await case.act("return", **given("1"))) == "claims.return.too_much"
    assert code_of(await case.act("refund", **given("90,50"))) == "claims.party"
    for wrong, expected in (("90,51", "claims.refund.too_much"), ("0", "claims.amount"), ("1,234", "claims.amount")):
        assert code_of(await case.act("refund", by=KELA, **given(wrong))) == expected
    assert isinstance(await case.act("refund", by=KELA, **given("90,50")), ClaimDone)
    assert await listed(open_, "queue", KELA) == []
    assert code_of(await case.act("refund", by=KELA, **given("0,01"))) == "claims.refund.too_much"
    shown = await open_.ask(ClaimQuery(number=case.number), accepted=AFTER_PAYDAY)
    assert isinstance(shown, ClaimView)
    assert (shown.row.paid, shown.row.returned, shown.row.owed) == ("0.00", "30.00", "0.00")
    assert [one.amount for one in shown.returns] == ["120.50", "-90.50"]
    rows = await open_.ask(SettlementsQuery(month="2017-01"), accepted=AFTER_PAYDAY)
    assert isinstance(rows, SettlementsPage)
    assert rows.total == "0.00"
    told = [ClaimChanged.model_validate_json(body).act for _, body in await open_.events(ClaimChanged)]
    assert told[-2:] == ["return", "refund"]


async def test_given_a_higher_correction_before_the_refund_then_nothing_is_owed_any_more(room: Room) -> None:
    office, open_ = room
    case = await registered(open_)
    await office.pay(open_.rig.engine)
    await case.accepted()
    await case.act("return", **given("120,50"))
    for version, net, owed, paid in ((2, "0.00", "120.50", "0.00"), (3, "600.00", "0.00", "0.00")):
        await office.correct(open_.rig.engine, net, version=version)
        (row,) = await listed(open_, "team", KUOPIO)
        assert (row.owed, row.paid) == (owed, paid)
    assert code_of(await case.act("refund", by=KELA, **given("1"))) == "claims.refund.too_much"
