"""Proves a set clean by its compiled map, or says nothing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from edi.x12.compiled.table import Table, Unfit, compile_map
from edi.x12.compiled.values import COMPONENT, SEPARATOR
from edi.x12.hierarchy import check_hierarchy
from edi.x12.leniency import Leniency
from edi.x12.map_cache import load_map
from edi.x12.own_checks import check_formatted_date
from edi.x12.segments import Delimiters, Segment

_LINE = "\n"
_OLDER_LACKS = ("^", "`")


@cache
def table_of(release: str, set_id: str) -> Table | None:
    """The compiled map, made once in a process; None for a map that cannot be compiled. Raises OSError without one."""
    try:
        return compile_map(load_map(release, set_id))
    except Unfit:
        return None


def prove_clean(
    segments: Sequence[Segment], release: str, set_id: str, delimiters: Delimiters
) -> frozenset[Leniency] | None:
    """What had to be tolerated in the text of a set that is surely free of errors; None when pyx12 has to say.

    Never calls a set clean that pyx12 or one of our own checks would not; may call a clean one unproven.
    """
    table = table_of(release, set_id)
    if table is None:
        return None
    lists = [segment[0] for segment in segments]
    rows = list(map(SEPARATOR.join, lists))
    text = _LINE.join(rows)
    elements = sum(map(len, lists))
    if not _is_separable(text, len(rows), elements, delimiters):
        return None
    if delimiters.component in text:
        rows = text.replace(delimiters.component, COMPONENT).split(_LINE)
    open_seen = _walk(table, segments, rows)
    if open_seen is None or not _own_checks_pass(segments, {e[0] for e in lists}):
        return None
    used = _tolerated(text, delimiters.component, table.version)
    return None if used and open_seen else used


def _is_separable(text: str, rows: int, elements: int, delimiters: Delimiters) -> bool:
    """Whether no value holds a character that stands between values, here or in the interchange."""
    if len(delimiters.element) != 1 or len(delimiters.component) != 1 or COMPONENT in text:
        return False
    if text.count(SEPARATOR) != elements - rows or text.count(_LINE) != rows - 1:
        return False
    if delimiters.element != SEPARATOR and delimiters.element in text:
        return False
    if delimiters.segment != _LINE and delimiters.segment in text:
        return False
    return not (delimiters.repetition and delimiters.repetition in text)


def _walk(table: Table, segments: Sequence[Segment], rows: list[str]) -> bool | None:
    """None when a segment is not proven; else whether there was one that our maps leave open."""
    moves, keys, counts = table.start, table.keys, table.counts.copy()
    open_seen = False
    for segment, text in zip(segments, rows, strict=True):
        elements = segment[0]
        name = elements[0]
        if name in keys:
            position, values = keys[name]
            value = elements[position] if position < len(elements) else ""
            name = f"{name}{SEPARATOR}{value}" if value in values else f"{name}{SEPARATOR}"
        move = moves.get(name)
        if move is None:
            return None
        moves, needed, entry, counter, limit, (matches, keeps) = move
        if needed and 0 in map(counts.__getitem__, needed):
            return None
        if entry is not None:
            loop, most, first, stop, blank = entry
            counts[first:stop] = blank
            counts[loop] += 1
            if counts[loop] > most:
                return None
            counts[counter] += 1
        else:
            counts[counter] += 1
            if counts[counter] > limit:
                return None
        if matches is None:
            open_seen = True
        elif matches(text) is None or (keeps is not None and not keeps(bytes(map(bool, elements)))):
            return None
    return open_seen


def _own_checks_pass(segments: Sequence[Segment], names: set[str]) -> bool:
    """Whether the checks that look further than one element or one place in the map find nothing."""
    if "DTM" in names and any(check_formatted_date(s) for s in segments if len(s[0]) > 6):
        return False
    return "HL" not in names or not check_hierarchy(segments)


def _tolerated(text: str, component: str, version: str) -> frozenset[Leniency]:
    used = set()
    if not text.isascii() or (version != "00501" and any(c in text for c in _OLDER_LACKS if c != component)):
        used.add(Leniency.PRINTABLE_TEXT)
    ends = (SEPARATOR, _LINE, component)
    if text.endswith(" ") or any(f" {end}" in text for end in ends):
        used.add(Leniency.TRAILING_BLANKS)
    return frozenset(used)
