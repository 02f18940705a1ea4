"""What a look-up may say beyond code and purpose: relation, emergency, filter, redisplay; and the remark on it."""

from datetime import timedelta
from uuid import uuid4

import httpx
import pytest

from shared.bus.topics import LOOKUP_REQUESTS
from shared.contracts.access import Relation
from shared.contracts.answers import (
    ComingPayment,
    IncomeMonth,
    InsuranceRow,
    InterruptionRow,
    LookUpAnnotated,
    MedicineRow,
    PersonView,
    RecoveryRow,
    Refused,
)
from shared.contracts.asking import AnnotateLookUp, StatedRelation
from tests.component.gateway.world import CLIENT, EVENT, SARI, FormToken, Gateway, query_in

LOOKUPS = "/api/v1/lookups"
ASKED: dict[str, object] = {"identity_code": CLIENT, "purpose": "VERIFY", "informed": True}
EMERGENCY: dict[str, object] = {**ASKED, "emergency": {"reason": "Lapsi vaarassa"}}
KEY = "0123456789abcdef"


async def test_what_is_stated_and_filtered_reaches_the_gate(
    gateway: Gateway, sari: httpx.AsyncClient, person: PersonView
) -> None:
    gateway.bus.answer = person
    relation = {"case_reference": "SOS-12/2016", "description": "Muuttanut eilen"}
    wanted = {"benefit": "kansanelake", "first": "2016-01-01", "last": "2016-06-30", "redisplay_of": str(EVENT)}
    await sari.post(LOOKUPS, json={**ASKED, **wanted, "relation": relation})
    query = query_in(gateway.bus.asked[0])
    assert query.relation == StatedRelation(**relation)
    assert (query.benefit, str(query.first), str(query.last)) == ("kansanelake", "2016-01-01", "2016-06-30")
    assert query.redisplay_of == EVENT
    assert query.emergency is None


async def test_an_override_begins_at_its_first_use_and_keeps_its_beginning(
    gateway: Gateway, sari: httpx.AsyncClient, refusal: Refused
) -> None:
    gateway.bus.answer = refusal
    first = gateway.clocks.business
    await sari.post(LOOKUPS, json=EMERGENCY)
    gateway.clocks.business = first + timedelta(hours=5)
    await sari.post(LOOKUPS, json=EMERGENCY)
    await sari.post(LOOKUPS, json={**EMERGENCY, "identity_code": "290200A950Y"})
    began = [override and override.began for override in (query_in(one).emergency for one in gateway.bus.asked)]
    assert began == [first, first, first + timedelta(hours=5)]


async def test_signing_in_again_stretches_no_override(
    gateway: Gateway, sari: httpx.AsyncClient, refusal: Refused
) -> None:
    gateway.bus.answer = refusal
    first = gateway.clocks.business
    await sari.post(LOOKUPS, json=EMERGENCY)
    gateway.clocks.business = first + timedelta(hours=20)
    await gateway.sign_in(sari, SARI, "Virtanen Sari")
    await sari.post(LOOKUPS, json=EMERGENCY)
    override = query_in(gateway.bus.asked[-1]).emergency
    assert override is not None
    assert override.began == first


async def test_what_an_override_is_known_by_names_nobody(
    gateway: Gateway, sari: httpx.AsyncClient, refusal: Refused
) -> None:
    gateway.bus.answer = refusal
    await sari.post(LOOKUPS, json=EMERGENCY)
    (key,) = gateway.beginnings.rows
    assert len(key) == 32
    assert CLIENT.encode() not in key


async def test_an_override_without_a_reason_or_for_nobody_is_the_gates_to_refuse(
    gateway: Gateway, sari: httpx.AsyncClient, refusal: Refused
) -> None:
    gateway.bus.answer = refusal
    response = await sari.post(LOOKUPS, json={**ASKED, "identity_code": "nobody", "emergency": {}})
    override = query_in(gateway.bus.asked[0]).emergency
    assert response.status_code == 403
    assert override is not None
    assert (override.reason, override.began) == ("", gateway.clocks.business)
    assert gateway.beginnings.rows == {}


async def test_the_beginning_cannot_be_stated_from_outside(gateway: Gateway, sari: httpx.AsyncClient) -> None:
    stated = {"reason": "x", "began": "2016-12-31T00:00:00Z"}
    assert (await sari.post(LOOKUPS, json={**ASKED, "emergency": stated})).status_code == 422
    assert gateway.bus.asked == []


async def test_the_form_says_the_same_as_the_api(
    gateway: Gateway, sari: httpx.AsyncClient, person: PersonView, form_token: FormToken
) -> None:
    gateway.bus.answer = person
    token = form_token((await sari.get("/")).text)
    form = {
        "form_token": token,
        "identity_code": CLIENT,
        "purpose": "VERIFY",
        "informed": "yes",
        "case_reference": "SOS-1",
        "relation": "Uusi asiakas",
        "emergency": "Kiire",
        "first": "2016-01-01",
        "benefit": "",
    }
    page = await sari.post("/search", data=form)
    query = query_in(gateway.bus.asked[0])
    assert page.status_code == 200
    assert query.relation == StatedRelation(case_reference="SOS-1", description="Uusi asiakas")
    assert query.emergency is not None
    assert query.emergency.reason == "Kiire"
    assert (query.benefit, str(query.first)) == (None, "2016-01-01")


async def test_the_person_page_shows_every_part_of_the_answer(
    gateway: Gateway, sari: httpx.AsyncClient, person: PersonView, form_token: FormToken
) -> None:
    day = person.decisions[0].decided
    gateway.bus.answer = person.model_copy(
        update={
            "relation": Relation.STATED,
            "pending": (person.pending[0].model_copy(update={"missing": ("Vuokrasopimus",)}),),
            "income": (
                IncomeMonth(
                    month="2016-12",
                    gross="900.00",
                    tax="90.00",
                    recovered="0.00",
                    net="810.00",
                    benefits=("kansanelake",),
                ),
            ),
            "coming": (ComingPayment(benefit="kansanelake", payday=None, amount="634.30"),),
            "interruptions": (InterruptionRow(benefit="opintotuki", first=day, last=None, reason="Opinnot kesken"),),
            "insurance": (InsuranceRow(covered=True, first=day, last=None),),
            "recovery": (RecoveryRow(benefit="opintotuki", decided=day, total="500.00", remaining="120.00"),),
            "medicine": (MedicineRow(year=2016, ceiling="610.37", used="100.00", reached=None),),
        }
    )
    token = form_token((await sari.get("/")).text)
    page = (await sari.post("/search", data={"form_token": token, **{k: str(v) for k, v in ASKED.items()}})).text
    for word in (
        "ilmoitettu asiakassuhde",
        "Vuokrasopimus",
        "12/2016",
        "810,00",
        "ei kiinteää maksupäivää",
        "Opinnot kesken",
        "Vakuutettu",
        "120,00",
        "610,37",
        "Väärä henkilö",
        "Ne ovat sopimuksen aikarajaa vanhempia.",
    ):
        assert word in page, word


@pytest.mark.parametrize(("municipality", "words"), [(None, "ei näytetä"), ("837", "roolisi perusteella")])
async def test_a_safety_prohibition_is_told_masked_or_not(
    gateway: Gateway,
    sari: httpx.AsyncClient,
    person: PersonView,
    form_token: FormToken,
    municipality: str | None,
    words: str,
) -> None:
    gateway.bus.answer = person.model_copy(update={"safety_prohibition": True, "municipality": municipality})
    token = form_token((await sari.get("/")).text)
    page = (await sari.post("/search", data={"form_token": token, "identity_code": CLIENT, "purpose": "VERIFY"})).text
    assert "Turvakielto" in page
    assert words in page


async def test_the_wrong_person_is_remarked_on_beside_the_look_up(gateway: Gateway, sari: httpx.AsyncClient) -> None:
    annotation = uuid4()
    gateway.bus.answer = LookUpAnnotated(access_event=EVENT, annotation=annotation)
    response = await sari.post(f"{LOOKUPS}/{EVENT}/annotation", json={"idempotency_key": KEY, "text": "Väärä tunnus"})
    (question,) = gateway.bus.asked
    assert (response.status_code, response.json()["annotation"]) == (201, str(annotation))
    assert question.topic is LOOKUP_REQUESTS
    assert question.command
    assert question.body == AnnotateLookUp(
        idempotency_key=KEY, access_event=EVENT, note="wrong_person", text="Väärä tunnus"
    )


async def test_the_button_of_the_page_remarks_too(
    gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken, refusal: Refused
) -> None:
    token = form_token((await sari.get("/")).text)
    form = {"form_token": token, "idempotency_key": KEY, "access_event": str(EVENT)}
    gateway.bus.answer = LookUpAnnotated(access_event=EVENT, annotation=uuid4())
    assert (await sari.post("/annotate", data=form)).status_code == 201
    gateway.bus.answer = refusal
    assert (await sari.post("/annotate", data=form)).status_code == 403
    assert (await sari.post("/annotate", data={**form, "access_event": "x"})).status_code == 422
