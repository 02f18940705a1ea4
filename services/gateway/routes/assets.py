"""Sheets and script: our own, and what npm lent at set-up. Their addresses change with their content."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.gateway.problems import Problem

router = APIRouter(include_in_schema=False)
FOLDER: Final = Path(__file__).parent.parent / "static"
_FILES: Final[Mapping[str, tuple[str, str]]] = {
    "hds.css": ("built/hds.css", "text/css"),
    "kelmu.css": ("kelmu.css", "text/css"),
    "htmx.js": ("built/htmx.js", "text/javascript"),
}
_YEAR = "public, max-age=31536000, immutable"
_WHILE = "public, max-age=300"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is sent: plain, packed, and the mark by which its content is known."""

    plain: bytes
    packed: bytes
    media_type: str
    mark: str


@lru_cache(maxsize=len(_FILES))
def asset(name: str) -> Asset:
    """A file by the name in its address, read once.

    Raises:
        KeyError: there is no such file.
        FileNotFoundError: set-up did not fetch it: `make setup` does.
    """
    path, media_type = _FILES[name]
    plain = (FOLDER / path).read_bytes()
    mark = hashlib.sha256(plain).hexdigest()[:12]
    return Asset(plain, gzip.compress(plain, 9, mtime=0), media_type, mark)


def address(name: str) -> str:
    """Where a page finds a file; browsers may keep it for ever, because another content has another address."""
    return f"/static/{name}?v={asset(name).mark}"


@router.get("/static/{name}")
async def static(request: Request, name: str, v: str = "") -> Response:
    """One file. It holds nothing secret, so it may be packed; pages are not."""
    if name not in _FILES:
        raise Problem(404, "not_found", "There is nothing here.", "Check the address and the request.")
    file = asset(name)
    headers = {
        "ETag": f'"{file.mark}"',
        "Vary": "Accept-Encoding",
        "Cache-Control": _YEAR if v == file.mark else _WHILE,
    }
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    packed = "gzip" in request.headers.get("accept-encoding", "")
    if packed:
        headers["Content-Encoding"] = "gzip"
    return Response(file.packed if packed else file.plain, media_type=file.media_type, headers=headers)
