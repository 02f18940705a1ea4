"""A worker's dry runs have a bound for each day, whatever dies between."""

from datetime import timedelta

from sqlalchemy import text

from services.claims.data_files import dry_run_thresholds
from shared.contracts.access import AccessDecided, Action, Outcome
from shared.contracts.answers import ClaimValidated
from shared.contracts.asking import ValidateClaim
from tests.harness.consuming import Rig
from tests.integration.claims.claimants import TAMPERE
from tests.integration.claims.desk import ARRIVAL, Desk, Open, claim, opened
from tests.integration.claims.office import code_of

BOUND = dry_run_thresholds().rows[0].per_day


async def test_given_a_worker_who_probes_then_the_day_has_a_bound_that_a_restart_does_not_lift(
    claims_rig: Rig,
) -> None:
    desk, asked = Desk(), ValidateClaim(claim=claim())
    async with opened(claims_rig, desk) as open_:
        assert isinstance(await open_.ask(asked), ClaimValidated)
        async with claims_rig.engine.begin() as conn:
            counted = await conn.execute(text(f"update claim_dry_runs set runs = {BOUND - 1}"))
            assert counted.rowcount == 1
        assert isinstance(await open_.ask(asked), ClaimValidated)
        await past_the_bound(open_, asked)
    async with opened(claims_rig, desk) as again:
        await past_the_bound(again, asked)


async def past_the_bound(open_: Open, asked: ValidateClaim) -> None:
    for body in (asked, ValidateClaim(claim=claim(identity_code="310323F999K"))):
        assert code_of(await open_.ask(body)) == "claims.dry_runs"
    events = [AccessDecided.model_validate_json(body) for _, body in await open_.events(AccessDecided)]
    refused = [(one.action, one.outcome, one.rule) for one in events[-2:]]
    assert refused == [(Action.DRY_RUN, Outcome.REFUSED, "dry_run_threshold")] * 2
    # Another municipality makes nobody another worker; the next day is another one.
    assert code_of(await open_.ask(asked, by=TAMPERE)) == "claims.dry_runs"
    assert isinstance(await open_.ask(asked, accepted=ARRIVAL + timedelta(seconds=1)), ClaimValidated)
