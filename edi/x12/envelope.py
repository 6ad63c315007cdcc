"""Walks the segments of an interchange and judges its envelopes: numbers, counts, who belongs where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from edi.x12.catalog import FUNCTIONAL_IDS, RELEASES, interchange_version, is_known, release_of
from edi.x12.isa import read_isa
from edi.x12.leniency import Leniency, Oddity, Tolerance
from edi.x12.segments import Delimiters, Segment
from edi.x12.structure import Finding, Group, Interchange, TransactionSet
from edi.x12.tokens import RawInterchange

_GROUP_NUMBER_NOT_UNIQUE = {"004010": "6", "005010": "19"}
"""AK905: 19 has that meaning only from 005010 on."""
_ISA_VERSIONS = frozenset(map(interchange_version, RELEASES))
_ENVELOPE = frozenset({"TA1", "GS", "GE", "ST", "SE", "IEA"})

__all__ = ["EnvelopeReader", "Finding", "Group", "Interchange", "TransactionSet", "read_interchange"]


def read_interchange(raw: RawInterchange) -> Interchange:
    """The envelope of one interchange, judged level by level: a wrong level never harms its siblings. Never raises."""
    reader = EnvelopeReader(raw.segments[0], raw.delimiters, raw.oddities)
    found = reader.interchange
    if raw.oversized is None:
        for one in reader.feed(raw.segments[1:]):
            if isinstance(one, Group):
                found.groups.append(one)
            else:
                found.groups[-1].sets.append(one)
    for last in reader.finish(raw.used, end=raw.end, cut_off=raw.cut_off, oversized=raw.oversized):
        found.groups[-1].sets.append(last)
    return found


class EnvelopeReader:
    """Judges one interchange as its segments come; it keeps no set but the one it reads."""

    def __init__(self, isa: Segment, delimiters: Delimiters, oddities: list[Oddity]) -> None:
        self.interchange: Interchange = read_isa(isa, delimiters, offset=isa.offset)
        self.group: Group | None = None
        self._oddities = oddities
        self._set: TransactionSet | None = None
        self._judged = 0
        self._groups: set[str] = set()
        self._sets: set[str] = set()
        self._group_count = 0
        self._stray = False
        self._stray_in_group = False

    def feed(self, segments: Iterable[Segment]) -> Iterator[Group | TransactionSet]:
        """Each group as its GS comes, each set when it has ended; its findings are complete then, a group's are not."""
        for segment in segments:
            name = segment[0][0]
            if name not in _ENVELOPE:
                if self._set is not None:
                    self._set.segments.append(segment)
                else:
                    self._on_stray(segment)
                continue
            yield from getattr(self, f"_on_{name.lower()}")(segment)

    def finish(
        self, used: list[Tolerance], *, end: int, cut_off: bool, oversized: Segment | None
    ) -> list[TransactionSet]:
        """The interchange is judged; gives the set that was cut off in the middle, if one was."""
        found = self.interchange
        found.end = end
        found.used[:0] = used
        last: list[TransactionSet] = []
        if oversized is not None:
            text = f"segment {oversized.position} ({oversized.id[:3]!r}) is longer than any segment may be"
            self._refuse("024", text)
        elif cut_off:
            last = list(self._close_group())
            self._refuse("023", "the interchange ends without its IEA")
        elif not self._group_count and not found.ta1s and not found.rejected:
            self._refuse("024", "the interchange holds no group")
        found.oddities += self._oddities[self._judged :]
        return last

    def forget(self) -> None:
        """Let go of the oddities that were given away with their sets; for interchanges of any size."""
        del self._oddities[: self._judged]
        self._judged = 0

    def _refuse(self, code: str, text: str) -> None:
        self.interchange.findings.append(Finding("interchange", code, text))

    def _on_ta1(self, segment: Segment) -> Iterator[Group | TransactionSet]:
        self.interchange.ta1s.append(list(segment.elements))
        yield from ()

    def _on_gs(self, segment: Segment) -> Iterator[Group | TransactionSet]:
        yield from self._close_group()
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
        group.findings += _group_findings(group, self._groups)
        version = self.interchange.version
        if group.release and version in _ISA_VERSIONS and interchange_version(group.release) != version:
            text = f"GS08 is {group.version} though ISA12 is {version}."
            self.interchange.used.append(Tolerance(Leniency.MIXED_RELEASES, text, "017"))
        self._groups.add(group.control_number)
        self._group_count += 1
        self._sets, self._stray_in_group = set(), False
        self.group = group
        yield group

    def _on_st(self, segment: Segment) -> Iterator[Group | TransactionSet]:
        yield from self._close_set()
        if self.group is None:
            self._on_stray(segment)
            return
        group = self.group
        group.received += 1
        tset = TransactionSet(
            st01=segment.get(1).strip(),
            st02=segment.get(2).strip(),
            st03=segment.get(3).strip(),
            position=group.received,
            functional_id=group.functional_id,
            version=group.version,
            release=group.release,
            delimiters=self.interchange.delimiters,
            segments=[segment],
            offset=segment.offset,
        )
        tset.findings += _set_findings(tset, self._sets)
        self._sets.add(tset.st02)
        self._set = tset

    def _on_se(self, segment: Segment) -> Iterator[Group | TransactionSet]:
        if self._set is None:
            self._on_stray(segment)
            return
        tset = self._set
        tset.segments.append(segment)
        if segment.get(2).strip() != tset.st02:
            tset.findings.append(Finding("set", "3", f"SE02 {segment.get(2)!r} is not the ST02 {tset.st02!r}"))
        if _number(segment.get(1)) != len(tset.segments):
            text = f"SE01 says {segment.get(1)!r} segments, {len(tset.segments)} came"
            tset.findings.append(Finding("set", "4", text))
        yield from self._end_set()

    def _on_ge(self, segment: Segment) -> Iterator[Group | TransactionSet]:
        yield from self._close_set()
        if self.group is None:
            self._on_stray(segment)
            return
        group, self.group = self.group, None
        group.declared_sets = _number(segment.get(1))
        if segment.get(2).strip() != group.control_number:
            text = f"GE02 {segment.get(2)!r} is not the GS06 {group.control_number!r}"
            group.findings.append(Finding("group", "4", text))
        if group.declared_sets != group.received:
            text = f"GE01 says {segment.get(1)!r} sets, {group.received} came"
            group.findings.append(Finding("group", "5", text))

    def _on_iea(self, segment: Segment) -> Iterator[Group | TransactionSet]:
        yield from self._close_group()
        number = segment.get(2).strip()
        if (number.zfill(9) if number.isdecimal() else number) != self.interchange.control_number:
            self._refuse("001", f"IEA02 {number!r} is not the ISA13 {self.interchange.control_number!r}")
        if _number(segment.get(1)) != self._group_count:
            self._refuse("021", f"IEA01 says {segment.get(1)!r} groups, {self._group_count} came")

    def _on_stray(self, segment: Segment) -> None:
        """A segment outside of any set: it cannot be acknowledged below its level, so its level is refused, once."""
        text = f"segment {segment.position} ({segment.id[:3]}) stands outside of any "
        if self.group is not None:
            if not self._stray_in_group:
                self._stray_in_group = True
                self.group.findings.append(Finding("group", "5", text + "transaction set"))
        elif not self._stray:
            self._stray = True
            self._refuse("024", text + "group")

    def _close_set(self) -> Iterator[TransactionSet]:
        if self._set is not None:
            self._set.findings.append(Finding("set", "2", f"the set {self._set.st02!r} has no SE"))
            yield from self._end_set()

    def _end_set(self) -> Iterator[TransactionSet]:
        tset, self._set = self._set, None
        if tset is None:
            return
        if self._judged < len(self._oddities):
            self._give_oddities(tset)
        yield tset

    def _give_oddities(self, tset: TransactionSet) -> None:
        first, last = tset.segments[0].position, tset.segments[-1].position
        while self._judged < len(self._oddities) and (odd := self._oddities[self._judged]).position <= last:
            self._judged += 1
            if odd.position < first:
                self.interchange.oddities.append(odd)
            else:
                tset.oddities.append(Oddity(odd.name, odd.position - first + 1, odd.element))

    def _close_group(self) -> Iterator[TransactionSet]:
        yield from self._close_set()
        if self.group is not None:
            self.group.findings.append(Finding("group", "3", f"the group {self.group.control_number!r} has no GE"))
            self.group = None


def _group_findings(group: Group, others: set[str]) -> list[Finding]:
    found = []
    if group.functional_id not in FUNCTIONAL_IDS.values():
        found.append(Finding("group", "1", f"groups of {group.functional_id!r} are not supported"))
    if not group.release:
        found.append(Finding("group", "2", f"the release {group.version!r} is not supported"))
    number = group.control_number
    if not (number.isdecimal() and len(number) <= 9):
        found.append(Finding("group", "6", f"GS06 {number!r} is not a control number"))
    elif number in others:
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
