"""Where an identity code may stand in what leaves the gateway: in answers about that person, and in no other body."""

from tests.component.gateway.reported import CANARY
from tests.component.gateway.routes import SAMPLES
from tests.component.gateway.walking import Walk
from tests.component.gateway.world import SARI

ABOUT_THE_PERSON = {
    ("POST", "/search"),
    ("POST", "/search/print"),
    ("POST", "/api/v1/lookups"),
    ("POST", "/api/v1/interface/lookups"),
    ("POST", "/lists"),
    ("POST", "/api/v1/lists/{name}"),
    ("POST", "/api/v1/interface/lists/{name}"),
    ("POST", "/notices/open"),
    ("POST", "/api/v1/notices/open"),
    ("POST", "/api/v1/interface/notices/open"),
    ("POST", "/claims/open"),
    ("POST", "/api/v1/claims/open"),
    ("POST", "/log/specific/open"),
    ("POST", "/log/specific/file"),
    ("POST", "/api/v1/log/specific/open"),
    ("POST", "/api/v1/log/specific/file"),
}
"""The person's page and its kin: a look-up, a list, one notice, one claim, a report approved by another person."""


async def test_an_identity_code_stands_in_no_body_but_those_about_the_person(walk: Walk) -> None:
    walk.services.acknowledged = True
    found = set()
    for name in SAMPLES:
        async with await walk.browser(SARI, "Virtanen Sari") as browser:
            if CANARY in (await walk.send(browser, name, CANARY)).text:
                found.add(name)
    assert found
    assert found <= ABOUT_THE_PERSON
    assert {("POST", "/search"), ("POST", "/search/print")} <= found


async def test_a_refused_or_silent_service_leaves_no_identity_code_in_any_body(walk: Walk) -> None:
    """Not even what was typed comes back, except into the form in which it is to be corrected."""
    walk.services.acknowledged = False
    repeated = set()
    for name, sample in SAMPLES.items():
        async with await walk.browser(SARI, "Virtanen Sari") as browser:
            if CANARY in (await walk.send(browser, name, CANARY)).text:
                repeated.add((name, sample.at))
    assert {at for _, at in repeated} <= {"/claims", "/claims/new", "/claims/hand-over", "/claims/kela", "/log/search"}
