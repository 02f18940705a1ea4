"""Who looked at me? A citizen of the story reads the log of her own data, and Kela's auditor searches it."""

import base64
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Final

from deploy.demo.agreements.named import demo_worker
from deploy.demo.live import Desk
from deploy.demo.operating import DemonstrationFailed
from deploy.demo.stage import until
from deploy.demo.tale import Tale
from services.audit.domain.note import VerifierKey, open_checkpoint
from services.audit.domain.proofs import verify_inclusion
from services.audit.settings import AuditSettings
from shared.clock.civil import helsinki
from shared.secrets import Secrets

CITIZEN: Final = "tampere"
"""A worker is a citizen too: she stands in the register, and others have looked at her."""
SHOWN: Final = 6
FILE: Final = "citizen-log.json"
REASON: Final = "Tarkastetaan hätäohitusten perustelut"

Row = Mapping[str, object]


async def own_log(desk: Desk, tale: Tale, secrets: Secrets, out: Path) -> None:
    """A citizen's page: written as a file, its newest rows kept for the screen, each proof checked.

    Raises:
        DemonstrationFailed: she may not read it, or it is empty.
    """
    client = await desk.newly_signed_in(CITIZEN)
    try:
        page: dict[str, object] = {}

        async def proven() -> bool:
            reply = await client.own_log()
            if reply.status != HTTPStatus.OK:
                raise DemonstrationFailed(f"a citizen may not read her own log: {reply.status} {reply.kind}")
            page.clear()
            page.update(reply.body)
            return all(row["proof"] for row in _rows(page))

        await until("a proof of each row of the citizen's log", proven)
    finally:
        await client.close()
    rows = _rows(page)
    if not rows:
        raise DemonstrationFailed("nobody looked at the citizen, though the story says so")
    (out / FILE).write_text(json.dumps(page, indent=2, ensure_ascii=False) + "\n", "utf-8")
    tale.own_log = [f"{demo_worker(CITIZEN).name} reads who looked at her data, newest first:", *_lines(page)]
    held = sum(_holds(row, str(page["checkpoint"]), secrets) for row in rows)
    tale.check(
        "citizen's log", holds=held == len(rows), figures=f"{held} of {len(rows)} rows proven under one signature"
    )


async def search(desk: Desk) -> None:
    """Kela's auditor looks for emergency overrides; without a reason nothing is searched.

    Raises:
        DemonstrationFailed: the one search is not refused, or the other is.
    """
    auditor = await desk.newly_signed_in("auditor")
    try:
        refused = await auditor.search_log("", "2016-10-01", "2017-12-31", emergency=True)
        found = await auditor.search_log(REASON, "2016-10-01", "2017-12-31", emergency=True)
    finally:
        await auditor.close()
    if (refused.status, found.status) != (HTTPStatus.FORBIDDEN, HTTPStatus.OK) or not _rows(found.body):
        raise DemonstrationFailed(f"the auditor's searches ended with {refused.status} and {found.status}")
    desk.tell(
        f"Kela's auditor found {len(_rows(found.body))} emergency overrides, with a stated reason and logged; "
        "without one the search was refused"
    )


def _rows(page: Mapping[str, object]) -> Sequence[Row]:
    rows = page.get("rows")
    return rows if isinstance(rows, list) else []


def _lines(page: Mapping[str, object]) -> list[str]:
    contacts = page["contacts"]
    names = {str(one["organisation"]): str(one["name_fi"]) for one in contacts} if isinstance(contacts, list) else {}
    return [_line(row, names) for row in _rows(page)[:SHOWN]]


def _line(row: Row, names: Mapping[str, str]) -> str:
    """When, who, why, what came of it, and what is left out."""
    when = helsinki(datetime.fromisoformat(str(row["time"])))
    who = "herself" if row["oneself"] else names.get(str(row["organisation"]), str(row["organisation"]))
    left_out = row["redacted"]
    hidden = f" (not shown: {', '.join(left_out)})" if isinstance(left_out, list) and left_out else ""
    why = row["purpose"] or row["action"]
    override = " EMERGENCY" if row["emergency"] else ""
    return f"{when:%d.%m.%Y %H:%M}  {who:24} {why:9} {row['outcome']:8} {row['law'] or ''}{override}{hidden}"


def _holds(row: Row, checkpoint: str, secrets: Secrets) -> bool:
    """Whether a row's hash leads to the root that the log signed."""
    proof = row["proof"]
    if not isinstance(proof, dict):
        return False
    key = VerifierKey.of(AuditSettings.model_fields["log_origin"].default, secrets.ed25519_public("log"))
    signed = open_checkpoint(checkpoint.encode(), key)
    path = tuple(base64.b64decode(one) for one in proof["path"])
    leaf = bytes.fromhex(proof["leaf_hash"])
    return verify_inclusion(index=proof["entry"], size=signed.size, leaf=leaf, proof=path, root=signed.root)
