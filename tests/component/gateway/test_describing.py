"""The API's description tells of problems as they are sent, and of what the guard answers."""

from services.gateway.problems import MEDIA_TYPE
from tests.component.gateway.world import Gateway


def test_every_problem_is_described_in_its_own_media_type(gateway: Gateway) -> None:
    document = gateway.app.openapi()
    problems = [
        set(response["content"])
        for item in document["paths"].values()
        for operation in item.values()
        for status, response in operation["responses"].items()
        if status >= "400"
    ]
    assert len(problems) > 100
    assert all(types == {MEDIA_TYPE} for types in problems)


def test_what_the_guard_answers_is_described_where_something_is_sent(gateway: Gateway) -> None:
    posted = gateway.app.openapi()["paths"]["/api/v1/lookups"]["post"]["responses"]
    assert {"400", "403", "413", "415"} <= set(posted)
    asked = gateway.app.openapi()["paths"]["/api/v1/session"]["get"]["responses"]
    assert "415" not in asked
