"""850s and 860s of a partner as segments, so that tests can say exactly what came."""

from __future__ import annotations

import itertools

from edi.seeds import partner_file
from edi.x12.tokens import Elements
from tests.edi.conftest import Post

_numbers = itertools.count(5000)


def elements(*rows: str) -> list[Elements]:
    """Segments from their text, elements separated by `*`."""
    return [row.split("*") for row in rows]


def file_850(post: Post, *rows: str) -> bytes:
    """A file with one 850, BEG to CTT."""
    return partner_file(post.partner, next(_numbers), "850", "PO", elements(*rows))


def file_860(post: Post, *rows: str) -> bytes:
    """A file with one 860, BCH to CTT."""
    return partner_file(post.partner, next(_numbers), "860", "PC", elements(*rows))


def segments(rows: list[Elements], name: str, *, upto: int = 4) -> list[list[str]]:
    """What follows the id of each segment of a kind."""
    return [row[1:upto] for row in rows if row[0] == name]
