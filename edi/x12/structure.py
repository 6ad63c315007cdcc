"""What the engine knows of an interchange, its groups and its sets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from edi.x12.leniency import Oddity, Tolerance
from edi.x12.segments import Delimiters, Elements, Segment

Level = Literal["interchange", "group", "set"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Why a level is refused: `code` is TA105 of an interchange, AK905 of a group, AK502 of a set."""

    level: Level
    code: str
    text: str


@dataclass(slots=True)
class TransactionSet:
    """One ST to SE with its envelope findings; `position` counts the sets of the group from 1.

    `offset` is the first byte of its ST in the file; `oddities` count their positions from ST = 1.
    """

    st01: str
    st02: str
    st03: str
    position: int
    functional_id: str
    version: str
    release: str
    delimiters: Delimiters
    segments: list[Segment] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    oddities: list[Oddity] = field(default_factory=list)
    offset: int = 0

    @property
    def rejected(self) -> bool:
        """Whether the envelope of the set is wrong."""
        return bool(self.findings)


@dataclass(slots=True)
class Group:
    """One GS to GE: `version` is GS08 as sent, `release` the maps it means ("" none), `declared_sets` is GE01.

    `received` counts the sets that came; a group that was streamed has it, and no `sets`.
    """

    functional_id: str
    sender: str
    receiver: str
    date: str
    time: str
    control_number: str
    agency: str
    version: str
    release: str
    sets: list[TransactionSet] = field(default_factory=list)
    declared_sets: int | None = None
    received: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def rejected(self) -> bool:
        """Whether the whole group is refused."""
        return bool(self.findings)


@dataclass(slots=True)
class Interchange:
    """One ISA to IEA, identities without padding. `used` names what was tolerated, `remarks` tells how an
    agreement had it judged.

    `oddities` are those outside of sets, counted from ISA = 1.
    """

    sender_qualifier: str
    sender: str
    receiver_qualifier: str
    receiver: str
    date: str
    time: str
    standard: str
    version: str
    control_number: str
    ack_requested: bool
    usage: str
    delimiters: Delimiters
    offset: int
    end: int
    groups: list[Group] = field(default_factory=list)
    ta1s: list[Elements] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    used: list[Tolerance] = field(default_factory=list)
    oddities: list[Oddity] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def notes(self) -> list[str]:
        """What was tolerated and how it was judged, as sentences."""
        return [*(tolerance.sentence for tolerance in self.used), *self.remarks]

    @property
    def rejected(self) -> bool:
        """Whether the whole interchange is refused."""
        return bool(self.findings)

    @property
    def ta1_code(self) -> str:
        """TA105: the first finding, or 000."""
        return self.findings[0].code if self.findings else "000"
