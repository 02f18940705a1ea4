"""A payment of which two municipalities have a part: what each of them, and Kela, is told of it."""

from shared.contracts.answers import SettlementRow, SettlementsPage
from shared.contracts.asking import SettlementsQuery
from tests.integration.claims.claimants import KELA, KUOPIO, TAMPERE, Claimant
from tests.integration.claims.desk import Open
from tests.integration.claims.office import AFTER_PAYDAY, Room, registered


async def rows(open_: Open, by: Claimant) -> list[SettlementRow]:
    answer = await open_.ask(SettlementsQuery(month="2017-01"), by=by, accepted=AFTER_PAYDAY)
    assert isinstance(answer, SettlementsPage), answer
    return list(answer.rows)


async def test_given_two_municipalities_on_one_payment_then_neither_can_tell_what_the_other_got(room: Room) -> None:
    office, open_ = room
    for by, amount in ((KUOPIO, "120,50"), (TAMPERE, "80,00")):
        case = await registered(open_, by=by, amount=amount)
        await case.accepted()
    await office.pay(open_.rig.engine)
    for by, paid in ((KUOPIO, "120.50"), (TAMPERE, "80.00")):
        (row,) = await rows(open_, by)
        assert (row.others, row.to_municipality) == (True, paid)
        assert {row.gross, row.withheld, row.net, row.to_client} == {None}
        assert {"600.00", "399.50", "750.00", "120.50", "80.00"} & set(row.model_dump(mode="json").values()) == {paid}
    whole = {(row.others, row.net, row.to_client) for row in await rows(open_, KELA)}
    assert whole == {(False, "600.00", "399.50")}
