"""Known holes in what the product is built on, from a copy of advisories that was brought: no network is asked."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

Advisory = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hole:
    """A package of the lock that an advisory speaks of. `fixed` are versions without it, where any is told."""

    id: str
    package: str
    version: str
    summary: str
    fixed: tuple[str, ...]


def advisories_in(place: Path) -> Iterator[Advisory]:
    """Each advisory of a folder of OSV files, or of a ZIP of them as osv.dev offers it for PyPI. Raises OSError,
    BadZipFile or ValueError for what is none.
    """
    if place.is_dir():
        for file in sorted(place.rglob("*.json")):
            yield json.loads(file.read_text())
        return
    with zipfile.ZipFile(place) as packed:
        for name in sorted(packed.namelist()):
            if name.endswith(".json"):
                yield json.loads(packed.read(name))


def holes(pins: Mapping[str, str], advisories: Iterable[Advisory]) -> list[Hole]:
    """What of the pinned versions is affected, by package. An advisory that was withdrawn counts for nothing."""
    ours = {canonicalize_name(name): version for name, version in pins.items()}
    found = []
    for told in advisories:
        if told.get("withdrawn"):
            continue
        for part in told.get("affected", ()):
            package = part.get("package", {})
            name = canonicalize_name(str(package.get("name", "")))
            if package.get("ecosystem") == "PyPI" and name in ours and _affected(ours[name], part):
                summary = str(told.get("summary") or told.get("details") or "").strip().split("\n")[0]
                fixed = tuple(sorted({event["fixed"] for event in _events(part) if "fixed" in event}))
                found.append(Hole(id=told["id"], package=name, version=ours[name], summary=summary[:200], fixed=fixed))
    return sorted(found, key=lambda one: (one.package, one.id))


def _affected(version: str, part: Mapping[str, Any]) -> bool:
    if version in part.get("versions", ()):
        return True
    ranges = [one for one in part.get("ranges", ()) if one.get("type") == "ECOSYSTEM"]
    return any(_inside(Version(version), one.get("events", ())) for one in ranges)


def _inside(version: Version, events: Iterable[Mapping[str, str]]) -> bool:
    """Whether the version stands behind an introduction and before what ended it. Events come in any order."""
    marks = sorted(((_version(value), kind) for event in events for kind, value in event.items()), key=lambda m: m[0])
    inside = False
    for mark, kind in marks:
        if kind == "introduced" and version >= mark:
            inside = True
        elif (kind == "fixed" and version >= mark) or (kind == "last_affected" and version > mark):
            inside = False
    return inside


def _version(told: str) -> Version:
    """`0` is before all others; what is no version of Python's counts as that, too, so that it warns."""
    try:
        return Version(told)
    except InvalidVersion:
        return Version("0")


def _events(part: Mapping[str, Any]) -> Iterator[Mapping[str, str]]:
    for one in part.get("ranges", ()):
        yield from one.get("events", ())
