"""Bar charts as SVG: one bar a row, below zero to the left, each with its figure written beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from lxml import etree

_NAMESPACE: Final = "http://www.w3.org/2000/svg"
_WIDTH: Final = 760
_LABELS: Final = 190
_FIGURES: Final = 110
_ROW: Final = 22
_BAR: Final = 14
_TOP: Final = 52
_MORE: Final = "#b3261e"
_LESS: Final = "#1b6e3c"
_PLAIN: Final = "#0b4f8a"
_FONT: Final = "DejaVu Sans, Arial, sans-serif"


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label, its length, and its figure as people read it."""

    label: str
    value: Decimal
    figure: str


def bar_chart(title: str, note: str, bars: Sequence[Bar], *, signed: bool) -> bytes:
    """Draw a chart.

    Args:
        title: What it shows; also its text alternative.
        note: Stands below the title.
        bars: From top to bottom.
        signed: Whether a bar tells a change: then its colour tells more from less.
    """
    height = _TOP + _ROW * len(bars) + 12
    root = etree.fromstring(f'<svg xmlns="{_NAMESPACE}"/>')
    for name, value in (("viewBox", f"0 0 {_WIDTH} {height}"), ("width", _WIDTH), ("height", height), ("role", "img")):
        root.set(name, str(value))
    etree.SubElement(root, f"{{{_NAMESPACE}}}title").text = title
    etree.SubElement(root, f"{{{_NAMESPACE}}}desc").text = "; ".join(f"{bar.label}: {bar.figure}" for bar in bars)
    _text(root, 0, 20, title, size=15, weight="bold")
    _text(root, 0, 38, note, size=11)
    left, scale = _scale(bars)
    zero = _LABELS + _FIGURES + left * scale
    for number, bar in enumerate(bars):
        _bar(root, bar, _TOP + _ROW * number, zero, scale, signed=signed)
    _part(root, "line", x1=zero, x2=zero, y1=_TOP - 4, y2=height - 10, stroke="#555555")
    content: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return content


def _scale(bars: Sequence[Bar]) -> tuple[float, float]:
    """How far the bars reach below zero, and pixels a unit."""
    below = max((-bar.value for bar in bars if bar.value < 0), default=Decimal(0))
    above = max((bar.value for bar in bars if bar.value > 0), default=Decimal(0))
    room = _WIDTH - _LABELS - 2 * _FIGURES
    # A picture: lengths may be binary fractions, figures are written from the exact amounts.
    return float(below), room / float(below + above or 1)


def _bar(root: "etree._Element", bar: Bar, top: int, zero: float, scale: float, *, signed: bool) -> None:
    length = abs(float(bar.value)) * scale
    less = bar.value < 0
    colour = (_LESS if less else _MORE) if signed else _PLAIN
    _text(root, 0, top + _BAR - 2, bar.label, size=12)
    _part(root, "rect", x=zero - length if less else zero, y=top, width=length, height=_BAR, fill=colour)
    end = zero - length - 6 if less else zero + length + 6
    _text(root, end, top + _BAR - 2, bar.figure, size=11, anchor="end" if less else "start")


def _text(
    root: "etree._Element", x: float, y: float, words: str, *, size: int, weight: str = "normal", anchor: str = "start"
) -> None:
    style = {"font-family": _FONT, "font-size": str(size), "font-weight": weight, "text-anchor": anchor}
    _part(root, "text", style, x=x, y=y, fill="#1a1a1a").text = words


def _part(
    root: "etree._Element", tag: str, style: dict[str, str] | None = None, **attributes: float | str
) -> "etree._Element":
    written = {name: f"{value:.1f}" if isinstance(value, float) else str(value) for name, value in attributes.items()}
    return etree.SubElement(root, f"{{{_NAMESPACE}}}{tag}", {**written, **(style or {})})
