"""Walks the segments of an interchange and judges its envelopes: numbers, counts, who belongs where."""

from __future__ import annotations

from edi.x12.catalog import FUNCTIONAL_IDS, interchange_version, is_known, release_of
from edi.x12.isa import read_isa
from edi.x12.structure import Finding, Group, Interchange, TransactionSet
from edi.x12.tokens import RawInterchange, Segment

_GROUP_NUMBER_NOT_UNIQUE = {"004010": "6", "005010": "19"}
"""AK905: 19 has that meaning only from 005010 on."""

__all__ = ["Finding", "Group", "Interchange", "TransactionSet", "read_interchange"]


def read_interchange(raw: RawInterchange) -> Interchange:
    """The envelope of one interchange, judged level by level: a wrong level never harms its siblings. Never raises."""
    return _EnvelopeReader(raw).read()


class _EnvelopeReader:
    """Reads one raw interchange once."""

    def __init__(self, raw: RawInterchange) -> None:
        self._raw = raw
        self._interchange: Interchange = read_isa(raw)
        self._group: Group | None = None
        self._set: TransactionSet | None = None
        self._stray = 0

    def read(self) -> Interchange:
        """The judged interchange."""
        if self._raw.oversized is not None:
            segment = self._raw.oversized
            self._refuse("024", f"segment {segment.position} ({segment.id[:3]!r}) is longer than any segment may be")
            return self._interchange
        for segment in self._raw.segments[1:]:
            handler = getattr(self, f"_on_{segment.id.lower()}", None) if segment.id in _ENVELOPE else None
            if handler is not None:
                handler(segment)
            elif self._set is not None:
                self._set.segments.append(segment)
            else:
                self._on_stray(segment)
        if self._raw.cut_off:
            self._close_group()
            self._refuse("023", "the interchange ends without its IEA")
        elif not self._interchange.groups and not self._interchange.ta1s and not self._interchange.rejected:
            self._refuse("024", "the interchange holds no group")
        return self._interchange

    def _refuse(self, code: str, text: str) -> None:
        self._interchange.findings.append(Finding("interchange", code, text))

    def _on_ta1(self, segment: Segment) -> None:
        self._interchange.ta1s.append(list(segment.elements))

    def _on_gs(self, segment: Segment) -> None:
        self._close_group()
        value = [segment.get(n).strip() for n in range(9)]
        group = Group(
            functional_id=value[1],
            sender=value[2],
            receiver=value[3],
            date=value[4],
            time=value[5],
            control_number=value[6],
            agency=value[7],
            version=value[8],
            release=release_of(value[8]),
        )
        group.findings += _group_findings(group, self._interchange.groups)
        if group.release and interchange_version(group.release) != self._interchange.version:
            self._interchange.notes.append(f"GS08 is {group.version} though ISA12 is {self._interchange.version}.")
        self._interchange.groups.append(group)
        self._group = group

    def _on_st(self, segment: Segment) -> None:
        self._close_set()
        if self._group is None:
            self._on_stray(segment)
            return
        group = self._group
        tset = TransactionSet(
            st01=segment.get(1).strip(),
            st02=segment.get(2).strip(),
            st03=segment.get(3).strip(),
            position=len(group.sets) + 1,
            functional_id=group.functional_id,
            version=group.version,
            release=group.release,
            delimiters=self._raw.delimiters,
            segments=[segment],
        )
        tset.findings += _set_findings(tset, {s.st02 for s in group.sets})
        group.sets.append(tset)
        self._set = tset

    def _on_se(self, segment: Segment) -> None:
        if self._set is None:
            self._on_stray(segment)
            return
        tset, self._set = self._set, None
        tset.segments.append(segment)
        if segment.get(2).strip() != tset.st02:
            tset.findings.append(Finding("set", "3", f"SE02 {segment.get(2)!r} is not the ST02 {tset.st02!r}"))
        if _number(segment.get(1)) != len(tset.segments):
            text = f"SE01 says {segment.get(1)!r} segments, {len(tset.segments)} came"
            tset.findings.append(Finding("set", "4", text))

    def _on_ge(self, segment: Segment) -> None:
        self._close_set()
        if self._group is None:
            self._on_stray(segment)
            return
        group, self._group = self._group, None
        group.declared_sets = _number(segment.get(1))
        if segment.get(2).strip() != group.control_number:
            text = f"GE02 {segment.get(2)!r} is not the GS06 {group.control_number!r}"
            group.findings.append(Finding("group", "4", text))
        if group.declared_sets != len(group.sets):
            text = f"GE01 says {segment.get(1)!r} sets, {len(group.sets)} came"
            group.findings.append(Finding("group", "5", text))

    def _on_iea(self, segment: Segment) -> None:
        self._close_group()
        number = segment.get(2).strip()
        if (number.zfill(9) if number.isdecimal() else number) != self._interchange.control_number:
            self._refuse("001", f"IEA02 {number!r} is not the ISA13 {self._interchange.control_number!r}")
        if _number(segment.get(1)) != len(self._interchange.groups):
            self._refuse("021", f"IEA01 says {segment.get(1)!r} groups, {len(self._interchange.groups)} came")

    def _on_stray(self, segment: Segment) -> None:
        """A segment outside of any set: it cannot be acknowledged below its level, so its level is refused, once."""
        text = f"segment {segment.position} ({segment.id[:3]}) stands outside of any transaction set"
        if self._group is not None:
            if not any(f.text.endswith("outside of any transaction set") for f in self._group.findings):
                self._group.findings.append(Finding("group", "5", text))
        elif not self._stray:
            self._stray = segment.position
            text = f"segment {segment.position} ({segment.id[:3]}) stands outside of any group"
            self._refuse("024", text)

    def _close_set(self) -> None:
        if self._set is not None:
            self._set.findings.append(Finding("set", "2", f"the set {self._set.st02!r} has no SE"))
            self._set = None

    def _close_group(self) -> None:
        self._close_set()
        if self._group is not None:
            self._group.findings.append(Finding("group", "3", f"the group {self._group.control_number!r} has no GE"))
            self._group = None


_ENVELOPE = frozenset({"TA1", "GS", "GE", "ST", "SE", "IEA"})


def _group_findings(group: Group, others: list[Group]) -> list[Finding]:
    found = []
    if group.functional_id not in FUNCTIONAL_IDS.values():
        found.append(Finding("group", "1", f"groups of {group.functional_id!r} are not supported"))
    if not group.release:
        found.append(Finding("group", "2", f"the release {group.version!r} is not supported"))
    number = group.control_number
    if not (number.isdecimal() and len(number) <= 9):
        found.append(Finding("group", "6", f"GS06 {number!r} is not a control number"))
    elif any(o.control_number == number for o in others):
        code = _GROUP_NUMBER_NOT_UNIQUE.get(group.release, "6")
        found.append(Finding("group", code, f"GS06 {number!r} occurs twice in the interchange"))
    return found


def _set_findings(tset: TransactionSet, others: set[str]) -> list[Finding]:
    found = []
    if not is_known(tset.st01, tset.release):
        found.append(Finding("set", "1", f"the set {tset.st01!r} is not supported"))
    elif FUNCTIONAL_IDS[tset.st01] != tset.functional_id:
        text = f"a {tset.st01} does not belong into a group of {tset.functional_id!r}"
        found.append(Finding("set", "6", text))
    if not 4 <= len(tset.st02) <= 9:
        found.append(Finding("set", "7", f"ST02 {tset.st02!r} does not have 4 to 9 characters"))
    elif tset.st02 in others:
        found.append(Finding("set", "23", f"ST02 {tset.st02!r} occurs twice in the group"))
    return found


def _number(text: str) -> int | None:
    """A count of up to ten digits, or None."""
    text = text.strip()
    return int(text) if text.isdecimal() and len(text) <= 10 else None
