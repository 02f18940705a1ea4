"""Every route of the gateway with a request that would be in order: what the walk over the routes sends."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import BaseRoute, Mount, Route

from shared.ids import pseudonym
from tests.component.gateway.world import EVENT, LEENA, TOKEN
from tests.component.gateway.world import KEY as TEST_KEY

Name = tuple[str, str]
"""Method and path as the application declares it."""
KEY = "0123456789abcdef"


@dataclass(frozen=True)
class Sample:
    """A request that reaches the route's handler.

    Attributes:
        at: The address, with its parameters filled in.
        body: JSON for the API, fields for a page; `{code}` stands for the client's identity code.
        asks: Whether the handler asks a service.
        public: Whether strangers may see it.
    """

    at: str
    body: dict[str, object] | None = None
    asks: bool = False
    public: bool = False
    headers: dict[str, str] = field(default_factory=dict)


def public(at: str) -> Sample:
    return Sample(at, public=True)


def asking(at: str, **body: object) -> Sample:
    return Sample(at, body, asks=True)


def by_system(at: str, **body: object) -> Sample:
    digest = hashlib.sha256(at.encode()).hexdigest()[:16]
    headers = {"authorization": f"Bearer {TOKEN}", "x-kelmu-user": "kuntalainen.kalle", "idempotency-key": digest}
    return Sample(at, {"member": "837", **body}, asks=True, headers=headers)


LOOK_UP = {"identity_code": "{code}", "purpose": "VERIFY", "informed": True}
CLAIM = {
    "idempotency_key": KEY,
    "identity_code": "{code}",
    "benefit": "kansanelake",
    "ground": "aml_14",
    "first": "2017-01-01",
    "amount": "100.00",
    "account": "main",
}
ACT: dict[str, object] = {"purpose": "ETOTU", "notice": "N-1", "version": 1, "action": "take"}
CLAIM_ACT: dict[str, object] = {"number": "V-2016-000001", "version": "1", "act": "withdraw", "reason": "test"}
HAND_OVER: dict[str, object] = {"giver": "{code}", "taker": "{code}", "handler_name": "T", "handler_phone": "1"}
KELA_CLAIM: dict[str, object] = {"idempotency_key": KEY, "identity_code": "{code}", "benefit": "kansanelake"}
ORDER: dict[str, object] = {
    "about": "worker",
    "identity_code": "{code}",
    "first": "2016-12-01",
    "last": "2016-12-31",
    "reason": "Epäily uteliaisuudesta",
    "idempotency_key": KEY,
}
DECISION: dict[str, object] = {"report": str(EVENT), "approve": "true", "reason": "Epäily on perusteltu"}
ALERT: dict[str, object] = {"alert": str(EVENT), "version": 1, "step": "acknowledge"}
CHANGE: dict[str, object] = {"kind": "organisation", "body": "{}"}
DAYS: dict[str, object] = {"first": "2016-01-01", "last": "2016-12-31"}
SEARCH: dict[str, object] = {**DAYS, "reason": "Tarkastus ilmoituksen johdosta", "identity_code": "{code}"}

WORKER = pseudonym(TEST_KEY, "worker", LEENA)
ANNOUNCEMENT: dict[str, object] = {
    **{f"{part}_{language}": "Käyttökatko" for part in ("title", "text") for language in ("fi", "sv", "en")},
    "kind": "news",
    "first": "2016-12-01T08:00",
    "reason": "test",
    "idempotency_key": KEY,
}
OF_AGREEMENT: dict[str, object] = {"version": "1", "reason": "test", "idempotency_key": KEY}
ADMINISTRATION: dict[Name, Sample] = {
    ("GET", "/accessibility"): public("/accessibility"),
    ("GET", "/support"): public("/support"),
    ("GET", "/news"): public("/news"),
    ("GET", "/news/edit"): Sample("/news/edit"),
    ("POST", "/news/edit"): Sample("/news/edit", ANNOUNCEMENT),
    ("POST", "/news/open"): Sample("/news/open", {"id": str(EVENT)}),
    ("GET", "/faults"): Sample("/faults"),
    ("POST", "/faults"): Sample("/faults", {"area": "search", "text": "Ei vastaa", "idempotency_key": KEY}),
    ("POST", "/faults/step"): Sample("/faults/step", {"number": "1", "step": "1", "state": "taken", "remark": "ok"}),
    ("POST", "/waiting"): asking("/waiting"),
    ("GET", "/agreements"): Sample("/agreements"),
    ("POST", "/agreements"): asking("/agreements", known="2016-12-01"),
    ("POST", "/agreements/open"): asking("/agreements/open", agreement="A-1"),
    ("POST", "/agreements/change"): asking("/agreements/change", agreement="A-1", act="suspend", **OF_AGREEMENT),
    ("GET", "/agreements/request"): Sample("/agreements/request"),
    ("POST", "/agreements/request"): asking("/agreements/request"),
    ("POST", "/agreements/request/new"): asking(
        "/agreements/request/new", municipalities="837", law="L 812/2000 21 §", reason="test", idempotency_key=KEY
    ),
    ("POST", "/agreements/request/step"): asking(
        "/agreements/request/step", path="P-1", act="statement", **OF_AGREEMENT
    ),
    ("GET", "/users"): Sample("/users"),
    ("POST", "/users"): asking("/users"),
    ("POST", "/users/open"): asking("/users/open", worker=WORKER),
    ("POST", "/users/account"): asking("/users/account", worker=WORKER, act="lock", **OF_AGREEMENT),
    ("POST", "/users/mandate/end"): asking(
        "/users/mandate/end", worker=WORKER, mandate="M-1", last="2017-01-31", **OF_AGREEMENT
    ),
    ("POST", "/users/mandate/give"): asking(
        "/users/mandate/give",
        worker=WORKER,
        member="837",
        role="viewer",
        first="2017-01-01",
        reason="test",
        idempotency_key=KEY,
    ),
}

SAMPLES: dict[Name, Sample] = {
    ("GET", "/"): public("/"),
    ("GET", "/help"): public("/help"),
    **ADMINISTRATION,
    ("GET", "/language/{language}"): public("/language/sv"),
    ("GET", "/static/{name}"): public("/static/kelmu.css"),
    ("GET", "/sign-in"): public("/sign-in"),
    ("GET", "/sign-in/callback"): public("/sign-in/callback"),
    ("GET", "/api/v1/openapi.json"): public("/api/v1/openapi.json"),
    ("DELETE", "/api/v1/session"): public("/api/v1/session"),
    ("POST", "/sign-out"): Sample("/sign-out", {}),
    ("GET", "/sign-in/sub-id"): Sample("/sign-in/sub-id"),
    ("POST", "/session/extend"): Sample("/session/extend", {}),
    ("GET", "/typed"): Sample("/typed"),
    ("POST", "/typed/return"): Sample("/typed/return", {}),
    ("POST", "/typed/drop"): Sample("/typed/drop", {}),
    ("GET", "/behalf"): Sample("/behalf"),
    ("POST", "/behalf"): Sample("/behalf", {"option": "0211675-2/837"}),
    ("GET", "/api/v1/session"): Sample("/api/v1/session"),
    ("GET", "/api/v1/organisations"): Sample("/api/v1/organisations"),
    ("PUT", "/api/v1/session/behalf"): Sample("/api/v1/session/behalf", {"organisation": "0211675-2", "member": "837"}),
    ("POST", "/api/v1/lookups"): asking("/api/v1/lookups", **LOOK_UP),
    ("POST", "/api/v1/lookups/{access_event}/annotation"): asking(
        f"/api/v1/lookups/{EVENT}/annotation", idempotency_key=KEY
    ),
    ("POST", "/search"): asking("/search", **{**LOOK_UP, "informed": "yes"}),
    ("POST", "/search/print"): asking("/search/print", **{**LOOK_UP, "informed": "yes"}),
    ("POST", "/annotate"): asking("/annotate", idempotency_key=KEY, access_event=str(EVENT)),
    ("POST", "/api/v1/lists/{name}"): asking("/api/v1/lists/tmt_300", purpose="TMT_LIST"),
    ("GET", "/lists"): Sample("/lists"),
    ("POST", "/lists"): asking("/lists", list="tmt_300", purpose="TMT_LIST"),
    ("POST", "/api/v1/notices"): asking("/api/v1/notices", purpose="ETOTU"),
    ("POST", "/api/v1/notices/open"): asking("/api/v1/notices/open", purpose="ETOTU", notice="N-1"),
    ("POST", "/api/v1/notices/act"): asking("/api/v1/notices/act", idempotency_key=KEY, **ACT),
    ("POST", "/api/v1/notices/statistics"): asking("/api/v1/notices/statistics", **DAYS),
    ("GET", "/notices"): Sample("/notices"),
    ("POST", "/notices"): asking("/notices"),
    ("POST", "/notices/open"): asking("/notices/open", notice="N-1"),
    ("POST", "/notices/act"): asking("/notices/act", idempotency_key=KEY, notice="N-1", version="1", action="done"),
    ("POST", "/notices/statistics"): asking("/notices/statistics", **DAYS),
    ("POST", "/api/v1/claims"): asking("/api/v1/claims", **CLAIM),
    ("POST", "/api/v1/claims/validate"): asking("/api/v1/claims/validate", **CLAIM),
    ("GET", "/api/v1/claims/{idempotency_key}"): Sample(f"/api/v1/claims/{KEY}", asks=True),
    ("GET", "/claims/{idempotency_key}/receipt.pdf"): Sample(f"/claims/{KEY}/receipt.pdf", asks=True),
    ("GET", "/claims/new"): Sample("/claims/new"),
    # The page opens a form about somebody: it repeats the code that it was sent, and asks nobody.
    ("POST", "/claims/new"): Sample("/claims/new", {}),
    ("POST", "/claims"): asking("/claims", **{**CLAIM, "identity_code": "{code}"}),
    ("POST", "/claims/status"): asking("/claims/status", key=KEY),
    ("POST", "/api/v1/claims/list"): asking("/api/v1/claims/list", view="team"),
    ("POST", "/api/v1/claims/open"): asking("/api/v1/claims/open", number="V-2016-000001"),
    ("POST", "/api/v1/claims/act"): asking("/api/v1/claims/act", idempotency_key=KEY, **CLAIM_ACT),
    ("POST", "/api/v1/claims/hand-over"): asking("/api/v1/claims/hand-over", idempotency_key=KEY, **HAND_OVER),
    ("POST", "/api/v1/claims/kela"): asking("/api/v1/claims/kela", **KELA_CLAIM),
    ("GET", "/claims/hand-over"): Sample("/claims/hand-over"),
    ("POST", "/claims/hand-over"): asking("/claims/hand-over", idempotency_key=KEY, **HAND_OVER),
    ("GET", "/claims/kela"): Sample("/claims/kela"),
    ("POST", "/claims/kela"): asking("/claims/kela", **KELA_CLAIM),
    ("POST", "/api/v1/settlements"): asking("/api/v1/settlements", month="2016-12"),
    ("POST", "/api/v1/settlements/file"): asking("/api/v1/settlements/file", month="2016-12"),
    ("GET", "/claims/work"): Sample("/claims/work"),
    ("POST", "/claims/work"): asking("/claims/work", view="team"),
    ("POST", "/claims/open"): asking("/claims/open", number="V-2016-000001"),
    ("POST", "/claims/act"): asking("/claims/act", idempotency_key=KEY, **CLAIM_ACT),
    ("POST", "/claims/settlements"): asking("/claims/settlements", month="2016-12"),
    ("POST", "/claims/settlements/file"): asking("/claims/settlements/file", month="2016-12", format="csv"),
    ("POST", "/api/v1/records"): asking("/api/v1/records", idempotency_key=KEY, changes=[CHANGE], reason="test"),
    ("POST", "/api/v1/records/query"): asking("/api/v1/records/query", record_kind="organisation"),
    ("POST", "/api/v1/log/own"): Sample("/api/v1/log/own", {}, asks=True),
    ("POST", "/api/v1/log/search"): asking("/api/v1/log/search", **SEARCH),
    ("POST", "/api/v1/log/reports"): asking("/api/v1/log/reports"),
    ("POST", "/api/v1/log/reports/file"): asking("/api/v1/log/reports/file", report=str(EVENT), form="csv"),
    ("POST", "/api/v1/log/specific"): asking("/api/v1/log/specific"),
    ("POST", "/api/v1/log/specific/order"): asking("/api/v1/log/specific/order", **ORDER),
    ("POST", "/api/v1/log/specific/decide"): asking("/api/v1/log/specific/decide", **DECISION),
    ("POST", "/api/v1/log/specific/open"): asking("/api/v1/log/specific/open", report=str(EVENT)),
    ("POST", "/api/v1/log/specific/file"): asking("/api/v1/log/specific/file", report=str(EVENT), form="csv"),
    ("GET", "/log/reports"): Sample("/log/reports"),
    ("POST", "/log/reports"): asking("/log/reports"),
    ("POST", "/log/reports/file"): asking("/log/reports/file", report=str(EVENT), form="csv"),
    ("POST", "/log/specific"): asking("/log/specific"),
    ("POST", "/log/specific/order"): asking("/log/specific/order", **ORDER),
    ("POST", "/log/specific/decide"): asking("/log/specific/decide", **DECISION),
    ("POST", "/log/specific/open"): asking("/log/specific/open", report=str(EVENT)),
    ("POST", "/log/specific/file"): asking("/log/specific/file", report=str(EVENT), form="csv"),
    ("GET", "/log/own"): Sample("/log/own"),
    ("POST", "/log/own"): asking("/log/own"),
    ("GET", "/log/search"): Sample("/log/search"),
    ("POST", "/log/search"): asking("/log/search", **SEARCH),
    ("GET", "/billing"): Sample("/billing"),
    ("POST", "/billing"): asking("/billing"),
    ("POST", "/api/v1/log/verify"): asking("/api/v1/log/verify", entry="1"),
    ("GET", "/log/verify"): Sample("/log/verify"),
    ("POST", "/log/verify"): asking("/log/verify", entry="1"),
    ("POST", "/log/verify/file"): asking("/log/verify/file", entry="1"),
    ("POST", "/billing/usage"): asking("/billing/usage", month="2016-12"),
    ("POST", "/billing/prices"): asking("/billing/prices"),
    ("POST", "/billing/change"): asking("/billing/change", year="2017"),
    ("POST", "/billing/change/file"): asking("/billing/change/file", year="2017"),
    ("POST", "/billing/corrections"): asking("/billing/corrections"),
    ("POST", "/billing/document"): asking("/billing/document", number="K2017-00001"),
    ("POST", "/billing/line"): asking("/billing/line", number="K2017-00001", row="1"),
    ("POST", "/billing/file"): asking("/billing/file", number="K2017-00001", format="csv"),
    ("POST", "/api/v1/billing/usage"): asking("/api/v1/billing/usage", month="2016-12"),
    ("POST", "/api/v1/billing/documents"): asking("/api/v1/billing/documents"),
    ("POST", "/api/v1/billing/documents/open"): asking("/api/v1/billing/documents/open", number="K2017-00001"),
    ("POST", "/api/v1/billing/documents/explain"): asking(
        "/api/v1/billing/documents/explain", number="K2017-00001", row=1
    ),
    ("POST", "/api/v1/billing/documents/file"): asking(
        "/api/v1/billing/documents/file", number="K2017-00001", format="pdf"
    ),
    ("POST", "/api/v1/billing/books"): asking("/api/v1/billing/books"),
    ("POST", "/api/v1/billing/price-change"): asking("/api/v1/billing/price-change", year=2017),
    ("POST", "/api/v1/billing/corrections"): asking("/api/v1/billing/corrections"),
    ("GET", "/api/v1/alerts"): Sample("/api/v1/alerts"),
    ("GET", "/alerts"): Sample("/alerts"),
    ("POST", "/api/v1/anomalies"): asking("/api/v1/anomalies"),
    ("POST", "/api/v1/anomalies/handle"): asking("/api/v1/anomalies/handle", idempotency_key=KEY, **ALERT),
    ("GET", "/anomalies"): Sample("/anomalies"),
    ("POST", "/anomalies"): asking("/anomalies"),
    ("POST", "/anomalies/handle"): asking("/anomalies/handle", idempotency_key=KEY, **ALERT),
    ("POST", "/api/v1/interface/lookups"): by_system("/api/v1/interface/lookups", **LOOK_UP),
    ("POST", "/api/v1/interface/lists/{name}"): by_system("/api/v1/interface/lists/tmt_300", purpose="TMT_LIST"),
    ("POST", "/api/v1/interface/notices"): by_system("/api/v1/interface/notices", purpose="ETOTU"),
    ("POST", "/api/v1/interface/notices/open"): by_system(
        "/api/v1/interface/notices/open", purpose="ETOTU", notice="N-1"
    ),
    ("POST", "/api/v1/interface/notices/act"): by_system("/api/v1/interface/notices/act", **ACT),
}


def declared(app: FastAPI) -> Iterator[Name]:
    """Every route of an application, those of applications mounted in it too."""
    yield from _names(app.routes, "")


def _names(routes: Sequence[BaseRoute], prefix: str) -> Iterator[Name]:
    for context in iter_route_contexts(routes):
        route, path = context.original_route, f"{prefix}{context.path}"
        if isinstance(route, Mount):
            yield from _names(route.routes, f"{prefix}{route.path}")
        elif isinstance(route, APIRoute | Route):
            methods = (route.methods or {"GET"}) - {"HEAD", "OPTIONS"}
            yield from ((method, path) for method in sorted(methods))
        else:
            raise TypeError(f"the walk does not know what a {type(route).__name__} is")


def fill(body: dict[str, object] | None, code: str) -> dict[str, object] | None:
    """The body with the client's code in it."""
    return body and {name: code if value == "{code}" else value for name, value in body.items()}
