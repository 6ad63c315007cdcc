"""Renders an interchange: envelope, counts and clean data, as the exact bytes that leave."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from edi.x12.catalog import interchange_version, release_of
from edi.x12.cleaning import clean_value
from edi.x12.errors import WriteError
from edi.x12.tokens import COMPONENT, Delimiters, Elements

__all__ = ["OutEnvelope", "OutSet", "clean_value", "render_interchange"]


@dataclass(frozen=True, slots=True)
class OutSet:
    """One set to send; `body` is what stands between ST and SE."""

    set_id: str
    control_number: str
    body: list[Elements]
    implementation: str = ""

    @property
    def segments(self) -> list[Elements]:
        """ST, the body, SE with its count (X12 SE01 counts ST and SE)."""
        head = ["ST", self.set_id, self.control_number]
        if self.implementation:
            head.append(self.implementation)
        return [head, *self.body, ["SE", str(len(self.body) + 2), self.control_number]]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutEnvelope:
    """Whose interchange it is and how it is written; one group. `at` is the sender's local time."""

    sender_qualifier: str
    sender: str
    receiver_qualifier: str
    receiver: str
    control_number: int
    group_sender: str
    group_receiver: str
    group_control_number: int
    functional_id: str
    at: dt.datetime
    version: str = "004010"
    usage: str = "P"
    ack_requested: bool = False
    delimiters: Delimiters = field(default_factory=Delimiters)
    line_breaks: bool = False
    replacement: str = " "


def render_interchange(envelope: OutEnvelope, sets: Sequence[OutSet], *, ta1s: Sequence[Elements] = ()) -> bytes:
    """The bytes of one interchange; without sets there is no group, as for a lone TA1.

    Raises WriteError for an identity, number or delimiter that cannot stand in an envelope.
    """
    delimiters = _delimiters(envelope)
    rows: list[Elements] = [*ta1s]
    if sets:
        rows.append(_gs(envelope))
        for one in sets:
            if not 4 <= len(one.control_number) <= 9:
                raise WriteError(f"ST02 {one.control_number!r} must have 4 to 9 characters.")
            rows += one.segments
        rows.append(["GE", str(len(sets)), str(envelope.group_control_number)])
    end = delimiters.segment + ("\r\n" if envelope.line_breaks and delimiters.segment not in "\r\n" else "")
    text = _isa(envelope, delimiters) + end
    text += "".join(_row(row, delimiters, envelope.replacement) + end for row in rows)
    groups = "1" if sets else "0"
    text += delimiters.element.join(["IEA", groups, f"{envelope.control_number:09d}"]) + end
    return text.encode("ascii")


def _delimiters(envelope: OutEnvelope) -> Delimiters:
    given = envelope.delimiters
    repetition = ""
    if release_of(envelope.version) == "005010":
        repetition = given.repetition or "^"
    found = Delimiters(given.element, given.component, given.segment, repetition)
    used = [d for d in (found.element, found.component, found.segment, found.repetition) if d]
    if len(set(used)) != len(used) or any(len(d) != 1 or d.isalnum() or not d.isascii() or d == " " for d in used):
        raise WriteError(f"The delimiters {used} must be different characters and no letters, digits or blanks.")
    if {"\r", "\n", COMPONENT} & {found.element, found.component, found.repetition}:
        raise WriteError("A line break or unit separator can only end a segment.")
    if envelope.replacement in used or len(envelope.replacement) > 1:
        raise WriteError(f"The replacement {envelope.replacement!r} must not be a delimiter.")
    return found


def _row(row: Elements, delimiters: Delimiters, replacement: str) -> str:
    values = [clean_value(value, delimiters, replacement=replacement) for value in row]
    while len(values) > 1 and not values[-1]:
        values.pop()
    return delimiters.element.join(values).replace(COMPONENT, delimiters.component)


def _isa(envelope: OutEnvelope, delimiters: Delimiters) -> str:
    version = interchange_version(release_of(envelope.version))
    values = [
        "ISA",
        "00",
        " " * 10,
        "00",
        " " * 10,
        _exact(envelope.sender_qualifier, 2, "ISA05"),
        _padded(envelope.sender, delimiters, "ISA06"),
        _exact(envelope.receiver_qualifier, 2, "ISA07"),
        _padded(envelope.receiver, delimiters, "ISA08"),
        f"{envelope.at:%y%m%d}",
        f"{envelope.at:%H%M}",
        delimiters.repetition or "U",
        version,
        _exact(f"{envelope.control_number:09d}", 9, "ISA13"),
        "1" if envelope.ack_requested else "0",
        _exact(envelope.usage, 1, "ISA15"),
        delimiters.component,
    ]
    return delimiters.element.join(values)


def _gs(envelope: OutEnvelope) -> Elements:
    if not 1 <= envelope.group_control_number <= 999_999_999:
        raise WriteError(f"GS06 {envelope.group_control_number} must have 1 to 9 digits.")
    for name, value in (("GS02", envelope.group_sender), ("GS03", envelope.group_receiver)):
        if not 2 <= len(value) <= 15:
            raise WriteError(f"{name} {value!r} must have 2 to 15 characters.")
    day, time = f"{envelope.at:%Y%m%d}", f"{envelope.at:%H%M}"
    number = str(envelope.group_control_number)
    parties = [envelope.group_sender, envelope.group_receiver]
    return ["GS", envelope.functional_id, *parties, day, time, number, "X", envelope.version]


def _padded(value: str, delimiters: Delimiters, name: str) -> str:
    if not value or len(value) > 15 or clean_value(value, delimiters) != value:
        raise WriteError(f"{name} {value!r} must have 1 to 15 plain characters.")
    return value.ljust(15)


def _exact(value: str, width: int, name: str) -> str:
    if len(value) != width or not value.isalnum():
        raise WriteError(f"{name} {value!r} must have {width} letters or digits.")
    return value
