"""Spooled files that no row needs any more: those whose bytes were erased, and what a crash left before its row."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

from django.conf import settings

from edi.models import As2Message, InboundFile

YOUNG_SECONDS = 86_400.0
"""A file is on disk before its row is committed, and storing the same bytes again makes it young."""
BATCH = 500
GOING = ".going"


def count_stray() -> int:
    """How many spooled files a run would remove now."""
    return sum(1 for _ in _stray())


def remove_stray(until: float | None) -> tuple[int, bool]:
    """How many files went, and whether none is left; `until` on the monotonic clock ends it earlier."""
    gone = 0
    for path in _stray():
        gone += _removed(path)
        if until is not None and time.monotonic() > until:
            return gone, False
    return gone, True


def _stray() -> Iterator[Path]:
    """Old files that no row names whose bytes are kept, and what was never finished."""
    oldest, spool = time.time() - YOUNG_SECONDS, settings.EDI_SPOOL
    old = (path for path in chain(spool.glob("[0-9a-f][0-9a-f]/*"), spool.glob("unfinished/*")) if _older(path, oldest))
    while some := list(islice(old, BATCH)):
        needed = _needed([_hash(path) for path in some])
        yield from (path for path in some if _hash(path) not in needed)


def _hash(path: Path) -> str:
    return path.name.removesuffix(GOING)


def _older(path: Path, moment: float) -> bool:
    """Not where another run was quicker and it is gone."""
    try:
        return path.stat().st_mtime < moment
    except FileNotFoundError:
        return False


def _needed(hashes: list[str]) -> set[str]:
    kept = {"spooled": True, "erased_at": None, "sha256__in": hashes}
    files = InboundFile.objects.filter(**kept).values_list("sha256", flat=True)
    return {*files, *As2Message.objects.filter(**kept).values_list("sha256", flat=True)}


def _removed(path: Path) -> bool:
    """Taken aside first: where the same bytes were stored again in this moment, they are put back."""
    aside = settings.EDI_SPOOL / "unfinished" / f"{_hash(path)}{GOING}"
    aside.parent.mkdir(parents=True, exist_ok=True)
    try:
        path.replace(aside)
    except FileNotFoundError:
        return False
    if not _older(aside, time.time() - YOUNG_SECONDS):
        aside.replace(path)
        return False
    aside.unlink(missing_ok=True)
    return True
