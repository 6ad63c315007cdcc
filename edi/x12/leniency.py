"""What real files do against the standard, each by its name: a partner's agreement allows the name or refuses it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Leniency(StrEnum):
    """The closed list of what we can read though X12 forbids it. A name that is used is always told, never silent."""

    BYTE_ORDER_MARK = "byte_order_mark"
    LEADING_GARBAGE = "leading_garbage"
    TRAILING_GARBAGE = "trailing_garbage"
    LINE_BREAKS = "line_breaks"
    WRAPPED_LINES = "wrapped_lines"
    EMPTY_SEGMENTS = "empty_segments"
    UNPADDED_ISA = "unpadded_isa"
    ISA_VERSION = "isa_version"
    MIXED_RELEASES = "mixed_releases"
    LOWER_CASE_IDS = "lower_case_ids"
    EXTRA_BLANKS = "extra_blanks"
    TRAILING_SEPARATORS = "trailing_separators"
    PRINTABLE_TEXT = "printable_text"
    TRAILING_BLANKS = "trailing_blanks"


ALL_LENIENCIES: frozenset[Leniency] = frozenset(Leniency)
"""What is allowed where an agreement says nothing."""

MEANINGS: dict[Leniency, str] = {
    Leniency.BYTE_ORDER_MARK: "A byte order mark before the ISA",
    Leniency.LEADING_GARBAGE: "Text before the first ISA",
    Leniency.TRAILING_GARBAGE: "Text after an IEA",
    Leniency.LINE_BREAKS: "Line breaks after segment terminators",
    Leniency.WRAPPED_LINES: "Lines wrapped at 80 columns, in the middle of segments",
    Leniency.EMPTY_SEGMENTS: "Empty segments and blank lines",
    Leniency.UNPADDED_ISA: "An ISA whose elements are not padded to their fixed widths",
    Leniency.ISA_VERSION: "Another ISA12 than 00401 and 00501",
    Leniency.MIXED_RELEASES: "A GS08 of another release than ISA12",
    Leniency.LOWER_CASE_IDS: "Segment ids in lower case",
    Leniency.EXTRA_BLANKS: "Blanks around segment ids",
    Leniency.TRAILING_SEPARATORS: "Element separators at the end of a segment",
    Leniency.PRINTABLE_TEXT: "Characters in text that are not in the X12 character set, such as accents",
    Leniency.TRAILING_BLANKS: "Blanks at the end of text",
}
"""Every name in words, for the page of an agreement."""


@dataclass(frozen=True, slots=True)
class Tolerance:
    """One leniency that was used. `code` is the TA105 that refuses it where it concerns the interchange, else ""."""

    name: Leniency
    sentence: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Oddity:
    """One segment that was read by a leniency: its position, and for trailing separators the first empty element."""

    name: Leniency
    position: int
    element: int = 0
