"""What a stranger's sample files tell of it: who it is, how it writes, what it uses, and what we cannot do yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from edi.documents.gaps import ITEM_PAIRS, UNIT_AT, Gap, find_gaps
from edi.x12.envelope import read_interchange
from edi.x12.errors import NoInterchange
from edi.x12.structure import Interchange, TransactionSet
from edi.x12.tokens import Segment, split_interchanges
from edi.x12.validate import validate_set

Counts = dict[str, int]
_QUALIFIED = {"N1": "parties", "DTM": "dates", "REF": "references"}
_ORDERS = frozenset({"PO", "PC"})
"""GS01 of what only a buyer sends: tells which side of the samples is the partner."""


@dataclass(slots=True, kw_only=True)
class SetUse:
    """How one set was used: how many came, how many our map takes, and in how many each segment stood."""

    count: int = 0
    clean: int = 0
    segments: Counts = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Profile:
    """Everything that was inferred. `sets` are what the partner sends, `expected` what the samples show us sending;
    `others` are senders that are neither; `problems` are files and interchanges that could not be read.
    """

    their_qualifier: str = ""
    their_id: str = ""
    our_qualifier: str = ""
    our_id: str = ""
    their_group_id: str = ""
    our_group_id: str = ""
    element_separator: str = "*"
    component_separator: str = ">"
    segment_terminator: str = "~"
    usages: Counts = field(default_factory=dict)
    releases: Counts = field(default_factory=dict)
    sets: dict[str, SetUse] = field(default_factory=dict)
    expected: Counts = field(default_factory=dict)
    item_qualifiers: Counts = field(default_factory=dict)
    units: Counts = field(default_factory=dict)
    qualifiers: dict[str, Counts] = field(default_factory=dict)
    ship_tos: Counts = field(default_factory=dict)
    others: Counts = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def infer_profile(files: Mapping[str, bytes]) -> Profile:
    """The profile of the sender of these files (name -> bytes), whatever mixture they are. Never raises."""
    profile = Profile()
    found = [(name, one) for name, content in files.items() for one in _interchanges(profile, name, content)]
    leader = next((one for _, one in found if _ORDERS & {g.functional_id for g in one.groups}), None)
    if leader is None and found:
        leader = found[0][1]
    if leader is None:
        return profile
    _identify(profile, leader)
    sets = [tset for name, one in found for tset in _take(profile, name, one)]
    for tset in sets:
        _count_set(profile, tset)
    profile.gaps = find_gaps(sets)
    return profile


def sets_in(files: Iterable[bytes], set_id: str) -> list[TransactionSet]:
    """All sets of one kind in the files, in their order; files without an interchange have none."""
    found: list[TransactionSet] = []
    for content in files:
        try:
            raws = split_interchanges(content)
        except NoInterchange:
            continue
        groups = (group for raw in raws for group in read_interchange(raw).groups)
        found += [tset for group in groups for tset in group.sets if tset.st01 == set_id]
    return found


def _interchanges(profile: Profile, name: str, content: bytes) -> list[Interchange]:
    try:
        return [read_interchange(raw) for raw in split_interchanges(content)]
    except NoInterchange as error:
        profile.problems.append(f"{name}: {error}")
        return []


def _identify(profile: Profile, one: Interchange) -> None:
    profile.their_qualifier, profile.their_id = one.sender_qualifier, one.sender
    profile.our_qualifier, profile.our_id = one.receiver_qualifier, one.receiver
    if one.groups:
        sender, receiver = one.groups[0].sender, one.groups[0].receiver
        profile.their_group_id = sender if sender != one.sender else ""
        profile.our_group_id = receiver if receiver != one.receiver else ""
    profile.element_separator = one.delimiters.element
    profile.component_separator = one.delimiters.component
    profile.segment_terminator = one.delimiters.segment


def _take(profile: Profile, name: str, one: Interchange) -> list[TransactionSet]:
    """The sets of an interchange that the partner sent; what we would send is noted as expected."""
    theirs = (one.sender_qualifier, one.sender) == (profile.their_qualifier, profile.their_id)
    ours = (one.receiver_qualifier, one.receiver) == (profile.their_qualifier, profile.their_id)
    if ours:
        for group in one.groups:
            for tset in group.sets:
                _count(profile.expected, tset.st01[:3])
        return []
    if not theirs:
        _count(profile.others, f"{one.sender_qualifier} {one.sender}")
        return []
    _count(profile.usages, one.usage)
    profile.problems += [f"{name}, ISA13 {one.control_number}: {finding.text}" for finding in one.findings]
    profile.notes += [note for note in one.notes if note not in profile.notes]
    for group in one.groups:
        _count(profile.releases, group.version)
    return [tset for group in one.groups for tset in group.sets]


def _count_set(profile: Profile, tset: TransactionSet) -> None:
    use = profile.sets.setdefault(tset.st01[:3], SetUse())
    use.count += 1
    use.clean += validate_set(tset).accepted
    for segment_id in {segment.id for segment in tset.segments}:
        _count(use.segments, segment_id[:3])
    for segment in tset.segments:
        _count_codes(profile, segment)


def _count_codes(profile: Profile, segment: Segment) -> None:
    start = ITEM_PAIRS.get(segment.id)
    if start is not None:
        for code in segment.elements[start::2]:
            _count(profile.item_qualifiers, code)
    _count(profile.units, segment.get(UNIT_AT.get(segment.id, 99)))
    if segment.id in _QUALIFIED:
        _count(profile.qualifiers.setdefault(_QUALIFIED[segment.id], {}), segment.get(1))
    if segment.id == "N1" and segment.get(1) == "ST":
        _count(profile.ship_tos, segment.get(4))


def _count(counts: Counts, key: str) -> None:
    key = key.strip()
    if key:
        counts[key] = counts.get(key, 0) + 1
