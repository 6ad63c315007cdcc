"""Writes the map folders, or says where they differ from the tables."""

from __future__ import annotations

from pathlib import Path

from edi.x12.catalog import RELEASES
from edi.x12.mapgen.xml import files_of

MAPS = Path(__file__).resolve().parent.parent / "maps"


def write_maps(root: Path = MAPS) -> list[Path]:
    """Every map file written anew; the paths."""
    written = []
    for release in RELEASES:
        folder = root / release
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files_of(release).items():
            (folder / name).write_text(content, encoding="utf-8")
            written.append(folder / name)
    return written


def differing_maps(root: Path = MAPS) -> list[str]:
    """The map files, as release/name, that are missing or differ from what the tables give."""
    found = []
    for release in RELEASES:
        for name, content in files_of(release).items():
            path = root / release / name
            if not path.is_file() or path.read_text(encoding="utf-8") != content:
                found.append(f"{release}/{name}")
    return found
