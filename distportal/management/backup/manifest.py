"""What a backup says of itself: which version wrote it, what is in it, how to see that none of it changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from distportal.management.backup.errors import Refused

FORMAT = 1
MANIFEST, DATABASE, FILES = "manifest.json", "database.dump", "files.tar"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One file of a backup: its size in bytes and SHA-256."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """`migrations` as `app.name`, `rows` by table as they were in the snapshot, `parts` by file name."""

    format: int
    made_at: str
    server: int
    migrations: tuple[str, ...]
    rows: Mapping[str, int]
    parts: Mapping[str, Part]


def part_of(path: Path) -> Part:
    """What is to be noted of a file."""
    with path.open("rb") as file:
        return Part(size=path.stat().st_size, sha256=hashlib.file_digest(file, "sha256").hexdigest())


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """The last file of a backup: without it there is none."""
    (folder / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1, sort_keys=True) + "\n")


def read_manifest(folder: Path) -> Manifest:
    """The manifest, once every part was found as it was written. Raises Refused."""
    try:
        told = json.loads((folder / MANIFEST).read_text())
        if told["format"] != FORMAT:
            raise Refused(f"{folder} has format {told['format']}, this version reads {FORMAT}")
        parts = {name: Part(**part) for name, part in told.pop("parts").items()}
        manifest = Manifest(**{**told, "migrations": tuple(told["migrations"])}, parts=parts)
    except FileNotFoundError:
        raise Refused(f"{folder} has no {MANIFEST}: it is no backup, or one that was cut off") from None
    except (ValueError, KeyError, TypeError) as error:
        raise Refused(f"{folder / MANIFEST} cannot be read: {error}") from error
    if set(parts) != {DATABASE, FILES}:
        raise Refused(f"{folder / MANIFEST} names {', '.join(sorted(parts))}, not {DATABASE} and {FILES}")
    for name, part in parts.items():
        if not (folder / name).exists() or part_of(folder / name) != part:
            raise Refused(f"{folder / name} is not the file that was written: take another backup")
    return manifest
