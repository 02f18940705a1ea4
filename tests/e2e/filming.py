"""`make video`: the training video, made of the real pages; captions in three languages and a transcript.

The video goes to out/ui/, the words, which people read and correct, to docs/ui/.
"""

import asyncio
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from services.gateway.words import LANGUAGES
from shared.contracts.base import Language
from tests.e2e.pages import PLACES
from tests.e2e.world import World, opened

ROOT: Final = Path(__file__).resolve().parents[2]
SCENES: Final = Path(__file__).with_name("training.yaml")
WORDS: Final = ROOT / "docs" / "ui"
FILM: Final = ROOT / "out" / "ui"
SIZE: Final = (1280, 720)
TITLES: Final[dict[Language, str]] = {
    "fi": "Näin käytät Kelmua",
    "sv": "Så här använder du Kelmu",
    "en": "How to use Kelmu",
}


@dataclass(frozen=True)
class Scene:
    """One picture of the video and what is said over it."""

    place: str
    seconds: int
    said: dict[Language, str]


def scenes(path: Path = SCENES) -> list[Scene]:
    """The scenes in order.

    Raises:
        KeyError: a scene lacks its words in a language, or shows a page that is not known.
    """
    known = {place.name for place in PLACES}
    rows = yaml.safe_load(path.read_text(encoding="utf-8"))
    if unknown := {row["place"] for row in rows} - known:
        raise KeyError(f"no such pages: {', '.join(sorted(unknown))}")
    return [Scene(row["place"], row["seconds"], {one: row[one] for one in LANGUAGES}) for row in rows]


def captions(told: list[Scene], language: Language) -> str:
    """The words over the pictures, as WebVTT."""
    lines, at = ["WEBVTT", ""], 0
    for scene in told:
        ends = at + scene.seconds
        lines += [f"{_stamp(at)} --> {_stamp(ends)}", scene.said[language], ""]
        at = ends
    return "\n".join(lines)


def transcript(told: list[Scene]) -> str:
    """What is said and shown, to read instead of the video."""
    lines = ["# The training video in words", "", "Made by `make video` from tests/e2e/training.yaml.", ""]
    for language in LANGUAGES:
        lines += [f"## {TITLES[language]}", ""]
        lines += [f"{number}. {scene.said[language]}" for number, scene in enumerate(told, 1)]
        lines.append("")
    return "\n".join(lines)


def _stamp(seconds: int) -> str:
    return f"00:{seconds // 60:02}:{seconds % 60:02}.000"


async def film(world: World, told: list[Scene], folder: Path) -> Path:
    """Picture the scenes and join them.

    Raises:
        RuntimeError: ffmpeg is missing or did not succeed.
    """
    ways = {place.name: place for place in PLACES}
    frames = []
    for number, scene in enumerate(told):
        place, path = ways[scene.place], folder / f"{number:02}.png"
        async with world.visitor("fi", SIZE) as visitor:
            if place.worker is not None:
                await visitor.sign_in(place.worker)
            await place.way(visitor)
            await visitor.page.screenshot(path=path)
        frames.append(f"file '{path}'\nduration {scene.seconds}\n")
    (folder / "frames.txt").write_text("".join(frames) + f"file '{path}'\n", encoding="utf-8")
    return await _joined(folder)


async def _joined(folder: Path) -> Path:
    ffmpeg, made = shutil.which("ffmpeg"), folder / "training.webm"
    if ffmpeg is None:
        raise RuntimeError("There is no ffmpeg. `make video` installs it from apt as root; else install it.")
    reading = ("-f", "concat", "-safe", "0", "-i", str(folder / "frames.txt"))
    writing = ("-c:v", "libvpx-vp9", "-crf", "40", "-b:v", "0", "-r", "5", "-pix_fmt", "yuv420p", str(made))
    ran = await asyncio.create_subprocess_exec(ffmpeg, "-y", "-loglevel", "error", *reading, *writing)
    if await ran.wait() != 0:
        raise RuntimeError("ffmpeg could not join the frames; its message is above.")
    return made


async def main() -> None:
    """Make the video, its captions and its transcript."""
    told = scenes()
    async with opened("film") as world:
        made = await film(world, told, FILM)
    for language in LANGUAGES:
        for folder in (WORDS, FILM):
            (folder / f"training.{language}.vtt").write_text(captions(told, language), encoding="utf-8")
    (WORDS / "training.md").write_text(transcript(told), encoding="utf-8")
    seconds = sum(scene.seconds for scene in told)
    sys.stdout.write(f"{made.relative_to(ROOT)}: {seconds} s, {made.stat().st_size / 1000:.0f} kB\n")


if __name__ == "__main__":
    FILM.mkdir(parents=True, exist_ok=True)
    WORDS.mkdir(parents=True, exist_ok=True)
    asyncio.run(main())
