"""`make screenshots`: a picture of each main page in Finnish, into docs/ui/, with few colours so that it is small."""

import asyncio
import re
import sys
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image

from tests.e2e.pages import PLACES
from tests.e2e.world import World, opened

FOLDER: Final = Path(__file__).resolve().parents[2] / "docs" / "ui"
TALLEST: Final = 1_400
"""Pixels: a picture shows how a page begins; its tables go on for long."""
COLOURS: Final = 32


async def picture(world: World, folder: Path) -> int:
    """Picture every page; how many there are."""
    for place in PLACES:
        async with world.visitor() as visitor:
            if place.worker is not None:
                await visitor.sign_in(place.worker)
            await place.way(visitor)
            taken = await visitor.page.screenshot(full_page=True)
        (folder / f"{place.name}.png").write_bytes(packed(taken))
    return len(PLACES)


def packed(png: bytes) -> bytes:
    """The same picture with few colours, cut where it gets long."""
    with Image.open(BytesIO(png)) as image:
        shown = image.convert("RGB").crop((0, 0, image.width, min(image.height, TALLEST)))
        few = shown.quantize(COLOURS, dither=Image.Dither.NONE)
    written = BytesIO()
    few.save(written, "PNG", optimize=True)
    return written.getvalue()


async def main() -> None:
    """Start a stack, picture its pages, and forget those that are no more."""
    known = {f"{place.name}.png" for place in PLACES}
    async with opened("pictures") as world:
        count = await picture(world, FOLDER)
    for path in FOLDER.glob("*.png"):
        if path.name not in known and re.fullmatch(r"[a-z-]+\.png", path.name):
            path.unlink()
    total = sum(path.stat().st_size for path in FOLDER.glob("*.png"))
    sys.stdout.write(f"{count} pictures in docs/ui/, {total / 1000:.0f} kB\n")


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    asyncio.run(main())
