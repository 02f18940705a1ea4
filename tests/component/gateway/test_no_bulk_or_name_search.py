"""One person at a time, by identity code: no route takes a list of codes, or a name, to find people by."""

from collections.abc import Iterator, Mapping

import pytest

from shared.contracts.answers import Refused
from shared.contracts.base import Contract
from shared.finnish.identity_code import PATTERN
from tests.component.gateway.routes import SAMPLES, Name, fill
from tests.component.gateway.world import CLIENT, GATEWAY, FormToken, Gateway

SECOND = "290200A950Y"
NAME = "Kanarialintu Keijo"
ABOUT_SOMEBODY = [name for name, sample in SAMPLES.items() if "{code}" in (sample.body or {}).values()]
WITH_BODY = [name for name, sample in SAMPLES.items() if sample.asks and sample.body is not None]
MANY = frozenset({"changes", "advances", "numbers"})
"""Fields that hold lists: records of agreements, which hold no clients, months of one client's claim, and numbers of
claims that are handed over, of which nothing is shown."""
NAMED = frozenset({"handler_name"})
"""Fields that hold a name: the handler's own, on a claim, or that of the worker who takes it over."""


def fields(schema: Mapping[str, object], known: Mapping[str, Mapping[str, object]]) -> Iterator[tuple[str, str]]:
    """Every field of a body, however deep, with its type."""
    if isinstance(reference := schema.get("$ref"), str):
        yield from fields(known[reference.rpartition("/")[2]], known)
    for group in ("anyOf", "allOf", "oneOf", "prefixItems"):
        parts = schema.get(group, ())
        assert isinstance(parts, list | tuple)
        for part in parts:
            yield from fields(part, known)
    if isinstance(items := schema.get("items"), dict):
        yield from fields(items, known)
    properties = schema.get("properties", {})
    assert isinstance(properties, dict)
    for name, inner in properties.items():
        kinds = [inner, *inner.get("anyOf", ())]
        yield from ((name, str(kind.get("type"))) for kind in kinds)
        yield from fields(inner, known)


def test_no_described_body_has_room_for_many_people_or_for_a_name(gateway: Gateway) -> None:
    document = gateway.app.openapi()
    known = document["components"]["schemas"]
    operations = [one for path in document["paths"].values() for one in path.values()]
    bodies = [one["requestBody"]["content"]["application/json"]["schema"] for one in operations if "requestBody" in one]
    found = {field for body in bodies for field in fields(body, known)}
    assert ("identity_code", "string") in found
    assert {name for name, kind in found if kind == "array"} == MANY
    assert {name for name, _ in found if "name" in name} == NAMED
    assert {kind for name, kind in found if name == "identity_code"} == {"string"}
    assert not [one for operation in operations for one in operation.get("parameters", ()) if one["in"] == "query"]


async def asked_after(
    gateway: Gateway, name: Name, body: Mapping[str, object], token: FormToken
) -> tuple[int, list[Contract]]:
    """The status and what services were asked when the body is sent to the route."""
    sample = SAMPLES[name]
    async with gateway.signed_in("Virtanen Sari") as browser:
        gateway.bus.asked.clear()
        if name[1].startswith("/api/"):
            response = await browser.request(name[0], f"{GATEWAY}{sample.at}", json=body, headers=sample.headers)
        else:
            data = {**body, "form_token": token((await browser.get("/help")).text)}
            response = await browser.post(sample.at, data=data)
    return response.status_code, [question.body for question in gateway.bus.asked]


@pytest.mark.parametrize("name", ABOUT_SOMEBODY, ids=" ".join)
async def test_a_list_of_codes_is_at_most_one_look_up(
    gateway: Gateway, refusal: Refused, form_token: FormToken, name: Name
) -> None:
    """As JSON it is refused at the edge; of a form's repeated field one counts, as of any field."""
    gateway.bus.answer = refusal
    body = {**(fill(SAMPLES[name].body, CLIENT) or {}), "identity_code": [CLIENT, SECOND]}
    status, asked = await asked_after(gateway, name, body, form_token)
    if name[1].startswith("/api/"):
        assert (status, asked) == (422, [])
    codes = {code for one in asked for code in PATTERN.findall(one.model_dump_json())}
    assert len(asked) <= 1
    assert len(codes) <= 1


@pytest.mark.parametrize("field", ["name", "last_name", "identity_codes"])
@pytest.mark.parametrize("name", WITH_BODY, ids=" ".join)
async def test_no_route_asks_by_name(
    gateway: Gateway, refusal: Refused, form_token: FormToken, name: Name, field: str
) -> None:
    gateway.bus.answer = refusal
    _, asked = await asked_after(gateway, name, {**(fill(SAMPLES[name].body, CLIENT) or {}), field: NAME}, form_token)
    assert [one for one in asked if NAME in one.model_dump_json()] == []
    if name[1].startswith("/api/"):
        assert asked == []
