"""Depth, age and drain of a peak as one SVG drawing: no script, no font of its own."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from xml.sax.saxutils import escape

from distportal.management.peak.running import Sample

WIDTH, PANEL, GAP, LEFT, RIGHT, TOP = 900, 150, 46, 70, 20, 40
COLOURS = {"depth": "#2f5fd0", "age": "#b4571d", "drain": "#1d7a4f"}
SHADES = {1: "#fdf1d8", 2: "#fbdfc4", 3: "#f6c5c0"}
_WINDOW = 5.0


def chart(samples: Sequence[Sample], *, title: str) -> str:
    """The drawing. Where pressure was above normal the ground is shaded."""
    last = max(samples[-1].at, 1.0)
    panels = (
        ("depth", "orders that wait", [float(s.depth) for s in samples]),
        ("age", "seconds the oldest has waited", [s.age for s in samples]),
        ("drain", "orders to the ERP a second", _drain(samples)),
    )
    height = TOP + len(panels) * (PANEL + GAP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" '
        f'font-size="12" role="img" aria-label="{escape(title)}">',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="22" font-size="15">{escape(title)}</text>',
    ]
    for at, (name, words, values) in enumerate(panels):
        parts += _panel(TOP + at * (PANEL + GAP), name, words, values, samples, last)
    return "\n".join([*parts, "</svg>\n"])


def _panel(top: float, name: str, words: str, values: list[float], samples: Sequence[Sample], last: float) -> list[str]:
    most, floor = max(*values, 1.0), top + PANEL
    across = (WIDTH - LEFT - RIGHT) / last
    points = " ".join(
        f"{LEFT + s.at * across:.1f},{floor - value / most * (PANEL - 20):.1f}"
        for s, value in zip(samples, values, strict=True)
    )
    shaded = [
        f'<rect x="{LEFT + a.at * across:.1f}" y="{top}" width="{(b.at - a.at) * across + 0.5:.1f}" '
        f'height="{PANEL}" fill="{SHADES[a.level]}"/>'
        for a, b in pairwise(samples)
        if a.level
    ]
    ticks = [
        f'<text x="{LEFT + last * part * across:.1f}" y="{floor + 15}" text-anchor="middle">{last * part:.0f} s</text>'
        for part in (0, 0.25, 0.5, 0.75, 1)
    ]
    return [
        *shaded,
        f'<line x1="{LEFT}" y1="{floor}" x2="{WIDTH - RIGHT}" y2="{floor}" stroke="#888888"/>',
        f'<text x="{LEFT - 8}" y="{top + 24}" text-anchor="end">{most:,.0f}</text>',
        f'<text x="{LEFT - 8}" y="{floor}" text-anchor="end">0</text>',
        f'<text x="{LEFT + 6}" y="{top + 14}" fill="{COLOURS[name]}">{name}: {words}</text>',
        f'<polyline fill="none" stroke="{COLOURS[name]}" stroke-width="2" points="{points}"/>',
        *ticks,
    ]


def _drain(samples: Sequence[Sample]) -> list[float]:
    """Orders a second over the last few seconds before each sample."""
    found, start = [], 0
    for sample in samples:
        while samples[start].at < sample.at - _WINDOW:
            start += 1
        span = sample.at - samples[start].at
        found.append((sample.done - samples[start].done) / span if span else 0.0)
    return found
