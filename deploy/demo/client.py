"""A client of the gateway's JSON API: signs in as a named person and asks what a worker's own system would ask.

Used by the demonstration, the tests and the bench. It knows the gateway's API and, for the sign-in, the form of the
development provider (`deploy.devidp`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, urlsplit

import httpx

Body = dict[str, object]


class SignInRefusedError(Exception):
    """The sign-in did not end in a session; the text says at which step and with which status."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the gateway answered."""

    status: int
    body: Body

    @property
    def kind(self) -> str:
        """Kind of an answer (`person_view`, `claim_receipt`, …) or code of a problem."""
        return str(self.body.get("kind") or self.body.get("code") or "")


class GatewayClient:
    """One worker's connection to the gateway. Use it as an async context manager, or call `close`."""

    def __init__(self, base_url: str, http: httpx.AsyncClient | None = None, timeout: float = 30.0) -> None:
        self._base = base_url.rstrip("/")
        self._http = http or httpx.AsyncClient(timeout=timeout)

    async def __aenter__(self) -> Self:
        """Open."""
        return self

    async def __aexit__(
        self, _type: type[BaseException] | None, _value: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Close."""
        await self.close()

    async def close(self) -> None:
        """Give the connections back. The session at the gateway stays until it ends by itself."""
        await self._http.aclose()

    async def sign_in(self, person: str) -> None:
        """Sign in as one of the development provider's people, through the whole OpenID code flow.

        Raises:
            SignInRefusedError: a step answered otherwise than by sending us on.
        """
        to_provider = self._sent_on(await self._http.get(f"{self._base}/sign-in"), "start")
        address = urlsplit(to_provider)
        form = {**dict(parse_qsl(address.query)), "person": person}
        authorize = f"{address.scheme}://{address.netloc}{address.path}"
        back = self._sent_on(await self._http.post(authorize, data=form), "provider")
        self._sent_on(await self._http.get(back), "callback")

    async def look_up(
        self,
        identity_code: str,
        *,
        purpose: str | None,
        informed: bool = True,
        organisation: str | None = None,
        member: str | None = None,
        relation: Body | None = None,
        emergency: str | None = None,
        **narrowed: str,
    ) -> Reply:
        """Look up one person.

        Args:
            identity_code: Of the client.
            purpose: None leaves it out.
            informed: The worker attests that the client was told.
            organisation: In whose name; None as the session has chosen.
            member: On whose behalf.
            relation: A stated client relation: `case_reference`, `description`.
            emergency: Reason of an emergency override.
            narrowed: `benefit`, `first`, `last`, `redisplay_of`.
        """
        wanted: Body = {
            "identity_code": identity_code,
            "informed": informed,
            "purpose": purpose,
            "organisation": organisation,
            "member": member,
            "relation": relation,
            "emergency": None if emergency is None else {"reason": emergency},
            **narrowed,
        }
        return await self.call("POST", "/api/v1/lookups", _named(wanted))

    async def annotate(self, access_event: str, idempotency_key: str, text: str = "") -> Reply:
        """Remark on an own look-up that it was of the wrong person."""
        body: Body = {"idempotency_key": idempotency_key, "note": "wrong_person", "text": text}
        return await self.call("POST", f"/api/v1/lookups/{access_event}/annotation", body)

    async def list_page(self, name: str, *, purpose: str | None, **fields: str) -> Reply:
        """One page of a list; the fields are those of `ListRequest` (`month`, `after`, `member` and so on)."""
        return await self.call("POST", f"/api/v1/lists/{name}", _named({"purpose": purpose, **fields}))

    async def notices(self, *, purpose: str | None = "ETOTU", **fields: str) -> Reply:
        """One page of notices: `state`, `after`, `member` and more."""
        return await self.call("POST", "/api/v1/notices", _named({"purpose": purpose, **fields}))

    async def notice(self, notice: str, *, purpose: str | None = "ETOTU", **fields: str) -> Reply:
        """Open one notice."""
        return await self.call("POST", "/api/v1/notices/open", _named({"purpose": purpose, "notice": notice, **fields}))

    async def act_on_notice(
        self, notice: str, version: int, action: str, *, idempotency_key: str, **fields: str
    ) -> Reply:
        """Take, finish or move a notice: `to`, `reason`, `member` and more."""
        body: Body = {"notice": notice, "version": version, "action": action, "idempotency_key": idempotency_key}
        return await self.call("POST", "/api/v1/notices/act", {"purpose": "ETOTU", **body, **fields})

    async def notice_statistics(self, first: str, last: str, **fields: str) -> Reply:
        """Statistics of notices over the days."""
        return await self.call("POST", "/api/v1/notices/statistics", {"first": first, "last": last, **fields})

    async def alerts(self) -> Reply:
        """Emergency overrides in the organisations whose log the person supervises."""
        return await self.call("GET", "/api/v1/alerts")

    async def own_log(self, after: str | None = None) -> Reply:
        """One page of the log of the person's own data, in nobody's name but theirs."""
        return await self.call("POST", "/api/v1/log/own", _named({"after": after}))

    async def search_log(self, reason: str, first: str, last: str, **fields: object) -> Reply:
        """One page of the auditor's search: `organisation`, `identity_code`, `emergency`, `after` and more."""
        return await self.call("POST", "/api/v1/log/search", {"reason": reason, "first": first, "last": last, **fields})

    async def change_records(
        self, changes: Sequence[Body], *, idempotency_key: str, reason: str, **fields: str
    ) -> Reply:
        """Change records of the agreements service, each `{"kind": …, "body": JSON}`: all or none."""
        body: Body = {"idempotency_key": idempotency_key, "changes": list(changes), "reason": reason}
        return await self.call("POST", "/api/v1/records", {**body, **fields})

    async def records(self, record_kind: str, **fields: str) -> Reply:
        """Records as known on one day and valid on another: `record`, `known`, `valid`, `after`, `member` and more."""
        return await self.call("POST", "/api/v1/records/query", {"record_kind": record_kind, **fields})

    async def interface_look_up(
        self, identity_code: str, *, token: str, user: str, idempotency_key: str, member: str, **fields: object
    ) -> Reply:
        """Look up one person as a municipality's own system: `purpose`, `informed`, `relation` and more."""
        body: Body = {"identity_code": identity_code, "member": member, **fields}
        return await self.interface("lookups", body, token=token, user=user, idempotency_key=idempotency_key)

    async def interface(self, path: str, body: Body, *, token: str, user: str, idempotency_key: str) -> Reply:
        """Any call of the interface."""
        headers = {"Authorization": f"Bearer {token}", "X-Kelmu-User": user, "Idempotency-Key": idempotency_key}
        encoded = {name.encode(): value.encode() for name, value in headers.items()}
        return await self.call("POST", f"/api/v1/interface/{path}", body, encoded)

    async def register_claim(self, **fields: object) -> Reply:
        """Register a payment claim; the fields are those of `ClaimRequest`, `idempotency_key` included."""
        return await self.call("POST", "/api/v1/claims", fields)

    async def claim_status(self, idempotency_key: str) -> Reply:
        """Ask how a registration went."""
        return await self.call("GET", f"/api/v1/claims/{idempotency_key}")

    async def claims(self, view: str = "team", **fields: str) -> Reply:
        """One page of claims: the team's, Kela's queue and more; `after`, `member`, `organisation`."""
        return await self.call("POST", "/api/v1/claims/list", {"view": view, **fields})

    async def claim(self, number: str, **fields: str) -> Reply:
        """One claim with its history and what was paid by it."""
        return await self.call("POST", "/api/v1/claims/open", {"number": number, **fields})

    async def act_on_claim(
        self, number: str, version: int, act: str, *, idempotency_key: str, **fields: object
    ) -> Reply:
        """One act on one claim: `last`, `deadline`, `reason`, `advances`, `care`, `member` and more."""
        body: Body = {"number": number, "version": version, "act": act, "idempotency_key": idempotency_key}
        return await self.call("POST", "/api/v1/claims/act", {**body, **fields})

    async def settlements(self, month: str, **fields: str) -> Reply:
        """One page of what was paid to the municipality in a month, by reference."""
        return await self.call("POST", "/api/v1/settlements", {"month": month, **fields})

    async def session(self) -> Reply:
        """Who is signed in."""
        return await self.call("GET", "/api/v1/session")

    async def organisations(self) -> Reply:
        """What the person may choose from."""
        return await self.call("GET", "/api/v1/organisations")

    async def choose(self, organisation: str, member: str) -> Reply:
        """Act on behalf of a municipality from now on."""
        return await self.call("PUT", "/api/v1/session/behalf", {"organisation": organisation, "member": member})

    async def sign_out(self) -> Reply:
        """End the session."""
        return await self.call("DELETE", "/api/v1/session")

    async def call(
        self, method: str, path: str, body: Body | None = None, headers: Mapping[bytes, bytes] | None = None
    ) -> Reply:
        """Any call of the API; an answer without a body counts as an empty object."""
        response = await self._http.request(method, f"{self._base}{path}", json=body, headers=headers)
        content = response.json() if response.content else {}
        if not isinstance(content, dict):
            raise TypeError(f"{method} {path} answered no JSON object")
        return Reply(response.status_code, content)

    @staticmethod
    def _sent_on(response: httpx.Response, step: str) -> str:
        if not response.is_redirect:
            raise SignInRefusedError(f"the sign-in stopped at '{step}' with status {response.status_code}")
        return response.headers["location"]


def _named(fields: Body) -> Body:
    """The fields that were given."""
    return {name: value for name, value in fields.items() if value is not None}
