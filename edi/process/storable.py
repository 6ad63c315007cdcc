"""What came, in a form the database can hold, and back again."""

from __future__ import annotations

from collections.abc import Sequence

from edi.models import Document
from edi.x12.catalog import judged_as
from edi.x12.structure import TransactionSet
from edi.x12.tokens import Delimiters, Elements, Segment

NOT_A_CHARACTER = "\ufffd"


def storable(text: str, longest: int) -> str:
    """The text with a mark for each NUL, which PostgreSQL cannot hold, and not longer than its column."""
    return text.replace("\x00", NOT_A_CHARACTER)[:longest]


def stored_segments(segments: Sequence[Segment]) -> list[Elements]:
    """The elements as they came, as JSON."""
    return [[value.replace("\x00", NOT_A_CHARACTER) for value in segment.elements] for segment in segments]


def set_of(document: Document) -> TransactionSet:
    """The set of a stored inbound document; byte offsets are not kept with it."""
    rows = [Segment([str(value) for value in row], 0, at) for at, row in enumerate(document.segments, 1)]
    group = document.group
    version = group.release if group else ""
    return TransactionSet(
        st01=document.set_id,
        st02=document.control_number,
        st03="",
        position=document.position,
        functional_id=group.functional_id if group else "",
        version=version,
        release=judged_as(version),
        delimiters=Delimiters(),
        segments=rows,
    )
