"""Agreements, requests and users as pages: what is asked of the agreements service, and what its answers look like."""

from datetime import UTC, datetime

import httpx
import pytest

from shared.bus.client import Question
from shared.contracts.agreements import AgreementChanged, AgreementPath, MandateChanged, UserChanged
from shared.contracts.answers import Answer, ChangeFault, ChangesDone, ChangesRefused, RecordsFound, RecordVersion
from shared.contracts.asking import ChangeRecords, RecordsQuery
from shared.contracts.base import Contract, Purpose, Text
from tests.component.gateway.officer import HOSTILE, main_user_of, officer_of
from tests.component.gateway.recorded import WORKER, path, records
from tests.component.gateway.world import LEENA, TAMPERE, FormToken, Gateway

KEY = "0123456789abcdef"
NOON = datetime(2016, 12, 1, 10, 0, tzinfo=UTC)


class Service:
    """Answers as the agreements service does, out of the records of a test."""

    def __init__(self, **bodies: Contract) -> None:
        self.bodies = bodies
        self.changed: list[ChangeRecords] = []
        self.queries: list[RecordsQuery] = []
        self.answer: Answer = ChangesDone(changed=1, unchanged=0)

    async def ask(self, question: Question, timeout: float) -> Answer:  # noqa: ASYNC109 - the bus client's own shape
        assert timeout > 0
        if isinstance(question.body, ChangeRecords):
            self.changed.append(question.body)
            return self.answer
        assert isinstance(question.body, RecordsQuery)
        self.queries.append(question.body)
        body = self.bodies.get(question.body.record_kind)
        rows = () if body is None else (version(question.body.record_kind, body),)
        return RecordsFound(rows=rows, next=None)


def version(kind: str, body: Contract) -> RecordVersion:
    return RecordVersion(
        kind=kind, id="x", version=1, body=body.model_dump_json(), recorded_at=NOON, actor="v1.a", reason=HOSTILE
    )


@pytest.fixture
def service(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> Service:
    found = Service(**records("L 812/2000 21 §"), path=path("L 812/2000 21 §"))
    monkeypatch.setattr(gateway.bus, "ask", found.ask)
    return found


async def post(browser: httpx.AsyncClient, token: FormToken, address: str, **fields: str) -> httpx.Response:
    page = await browser.get("/help")
    return await browser.post(address, data={**fields, "form_token": token(page.text)})


async def test_agreements_are_asked_for_as_known_on_one_day_and_valid_on_another(
    gateway: Gateway, service: Service, form_token: FormToken
) -> None:
    async with officer_of(gateway) as outi:
        page = await post(outi, form_token, "/agreements", known="2016-11-01", valid="2017-01-01")
    (query,) = service.queries
    assert (query.record_kind, str(query.known), str(query.valid)) == ("agreement", "2016-11-01", "2017-01-01")
    assert "Tiedettiin 1.11.2016, voimassa 1.1.2017" in page.text
    assert "Tampereen kaupunki" in page.text


async def test_an_act_makes_the_next_version_of_what_was_seen_and_the_history_is_harmless(
    gateway: Gateway, service: Service, form_token: FormToken
) -> None:
    fields = {"agreement": "A-1", "version": "1", "reason": "Laiminlyönti", "idempotency_key": KEY}
    async with officer_of(gateway) as outi:
        for act, more in (
            ("suspend", {}),
            ("terminate", {"last": "2017-03-31"}),
            ("confirm_account", {"account": "x"}),
        ):
            page = await post(outi, form_token, "/agreements/change", **fields, act=act, **more)
            assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text
    made = [AgreementChanged.model_validate_json(one.changes[0].body) for one in service.changed]
    assert [(one.version, one.status, one.validity.last) for one in made] == [
        (2, "suspended", None),
        (2, "terminated", datetime(2017, 3, 31, tzinfo=UTC).date()),
        (2, "open", None),
    ]
    assert {one.reason for one in service.changed} == {"Laiminlyönti"}


async def test_what_the_service_refuses_is_told_with_its_advice_and_what_was_typed_stays(
    gateway: Gateway, service: Service, form_token: FormToken
) -> None:
    words = Text(fi="Ei IBAN.", sv="Inget IBAN.", en="No IBAN.")
    service.answer = ChangesRefused(faults=(ChangeFault(record="A-1", code="iban", reason=words, advice=words),))
    fields = {"agreement": "A-1", "version": "1", "reason": "uusi tili", "idempotency_key": KEY, "act": "add_account"}
    async with officer_of(gateway) as outi:
        refused = await post(outi, form_token, "/agreements/change", **fields, account="main", iban="FI00")
        missing = await post(outi, form_token, "/agreements/change", **fields, account="main")
    assert (refused.status_code, missing.status_code) == (422, 422)
    assert "Ei IBAN." in refused.text
    assert 'value="FI00"' in refused.text
    assert "IBAN" in missing.text
    assert len(service.changed) == 1


async def test_a_request_is_made_by_the_organisation_itself(
    gateway: Gateway, service: Service, form_token: FormToken
) -> None:
    asked = {"municipalities": "837, 980", "law": "L 812/2000 21 §", "reason": "Käyttöönotto", "idempotency_key": KEY}
    async with main_user_of(gateway) as matti:
        first, again = [await post(matti, form_token, "/agreements/request/new", **asked) for _ in range(2)]
        wrong = await post(matti, form_token, "/agreements/request/new", **{**asked, "municipalities": "Tampere"})
    made = [AgreementPath.model_validate_json(one.changes[0].body) for one in service.changed]
    assert (first.status_code, again.status_code, wrong.status_code) == (200, 200, 422)
    assert made[0] == made[1]
    assert (made[0].party, made[0].step, made[0].municipalities) == (TAMPERE, "requested", ("837", "980"))


async def test_opening_makes_the_agreement_and_ends_the_request_in_one_command(
    gateway: Gateway, service: Service, form_token: FormToken
) -> None:
    signed = path("L 812/2000 21 §").model_copy(update={"step": "signed", "signatory": "Kaupunginjohtaja"})
    service.bodies["path"] = signed
    fields = {"path": "P-1", "version": "1", "act": "open", "reason": "avataan", "idempotency_key": KEY}
    async with officer_of(gateway) as outi:
        assert (await post(outi, form_token, "/agreements/request/step", **fields)).status_code == 422
        done = await post(
            outi, form_token, "/agreements/request/step", **fields, first="2017-01-01", covers_claim="yes"
        )
    assert done.status_code == 200
    (command,) = service.changed
    agreement = AgreementChanged.model_validate_json(command.changes[0].body)
    opened = AgreementPath.model_validate_json(command.changes[1].body)
    assert (agreement.party, agreement.law, agreement.purposes) == (TAMPERE, signed.law, (Purpose.CLAIM,))
    assert (opened.step, opened.agreement, opened.signatory) == ("opened", agreement.id, "Kaupunginjohtaja")


async def test_the_main_user_finds_a_worker_by_a_code_that_is_neither_sent_on_nor_shown(
    gateway: Gateway, service: Service, form_token: FormToken
) -> None:
    async with main_user_of(gateway) as matti:
        page = await post(matti, form_token, "/users/open", identity_code=LEENA)
        wrong = await post(matti, form_token, "/users/open", identity_code="010180-9999")
    assert WORKER in page.text
    assert LEENA not in page.text + repr(service.queries)
    assert (wrong.status_code, "010180-9999" in wrong.text) == (422, False)


async def test_a_leaver_is_locked_and_the_mandate_ended(
    gateway: Gateway, service: Service, form_token: FormToken
) -> None:
    fields = {"worker": WORKER, "version": "1", "reason": "työ päättyi", "idempotency_key": KEY}
    async with main_user_of(gateway) as matti:
        await post(matti, form_token, "/users/account", **fields, act="left")
        await post(matti, form_token, "/users/mandate/end", **fields, mandate="M-1", last="2016-12-31")
        given = {"member": "837", "role": "viewer", "first": "2017-01-01"}
        fields.pop("version")
        await post(matti, form_token, "/users/mandate/give", **fields, **given)
    bodies = [one.changes[0].body for one in service.changed]
    account = UserChanged.model_validate_json(bodies[0])
    ended, new = (MandateChanged.model_validate_json(body) for body in bodies[1:])
    assert (account.version, account.status, account.why, account.since.isoformat()) == (
        2,
        "locked",
        "left",
        "2016-12-31",
    )
    assert (ended.version, str(ended.validity.last)) == (2, "2016-12-31")
    assert (new.version, new.organisation, new.worker, new.roles) == (1, TAMPERE, WORKER, ("viewer",))


async def test_only_who_keeps_records_is_offered_their_pages(
    gateway: Gateway, sari: httpx.AsyncClient, service: Service
) -> None:
    async with main_user_of(gateway) as matti, officer_of(gateway) as outi:
        offered = [(await one.get("/")).text for one in (sari, matti, outi)]
    assert ['href="/agreements"' in page for page in offered] == [False, True, True]
    assert ['href="/users"' in page for page in offered] == [False, True, True]
    assert service.queries == []
