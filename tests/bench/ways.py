"""The ways to read the same files: from cutting alone to a verdict on every element."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from unittest import mock

import pyx12.map_if
import pyx12.map_index
import pyx12.params
import pyx12.x12n_document

from edi.x12.map_cache import MAPS
from edi.x12.stream import SetRead, stream_interchanges
from edi.x12.tokens import split_interchanges
from edi.x12.validate import validate_set

Way = Callable[[list[bytes]], int]
"""Reads every file and gives how many segments or documents it saw, so that no work can be left out."""


def split_only(files: list[bytes]) -> int:
    """`str.split` alone: the floor of anything written in Python."""
    count = 0
    for content in files:
        count += len([row.split("*") for row in content.decode("latin-1").split("~")])
    return count


def tokenise_only(files: list[bytes]) -> int:
    """Our tokens, with offsets and everything that is tolerated."""
    return sum(len(raw.segments) for content in files for raw in split_interchanges(content))


def ours(files: list[bytes]) -> int:
    """Tokens, envelopes and the verdict over every set."""
    accepted = 0
    for content in files:
        for event in stream_interchanges(content):
            if isinstance(event, SetRead):
                accepted += validate_set(event.tset).verdict == "A"
    return accepted


def pyx12_only(files: list[bytes]) -> int:
    """pyx12 as it is delivered, with our maps: it loads them again for every file."""
    logging.getLogger("pyx12").setLevel(logging.CRITICAL + 1)
    accepted = 0
    for content in files:
        source = io.StringIO(content.decode("latin-1"))
        parameters = pyx12.params.ParamsBase()
        folder = str(MAPS / "004010")
        accepted += pyx12.x12n_document.x12n_document(parameters, source, io.StringIO(), None, None, map_path=folder)
    return accepted


def pyx12_cached(files: list[bytes]) -> int:
    """pyx12 with its maps kept."""
    with _kept_maps():
        return pyx12_only(files)


@contextmanager
def _kept_maps() -> Iterator[None]:
    load, index = pyx12.map_if.load_map_file, pyx12.map_index.map_index

    @cache
    def kept(name: str, folder: str) -> Any:
        return load(name, pyx12.params.ParamsBase(), folder)

    def load_kept(name: str, _: Any, folder: str) -> Any:
        return kept(name, folder)

    with (
        mock.patch.object(pyx12.map_if, "load_map_file", load_kept),
        mock.patch.object(pyx12.map_index, "map_index", cache(index)),
    ):
        yield


WAYS: dict[str, Way] = {
    "str.split only": split_only,
    "tokenise only (ours)": tokenise_only,
    "ours: tokens, envelope, validation": ours,
    "pyx12, map cached": pyx12_cached,
    "pyx12, as delivered": pyx12_only,
}
