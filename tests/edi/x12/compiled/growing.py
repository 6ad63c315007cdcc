"""Grows valid transaction sets out of a map: what is mandatory, some of what is optional, values of every type."""

from __future__ import annotations

import string
from random import Random
from typing import Any

from edi.x12.map_cache import MAPS, load_map
from edi.x12.own_checks import check_syntax
from edi.x12.segments import Elements, Segment

EVERY_MAP = sorted((path.parent.name, path.stem) for path in MAPS.glob("*/[0-9]*.xml"))
"""Release and set of every map there is."""
_TEXT = string.ascii_letters + string.digits + " -.,/#&'()"


def grow(release: str, set_id: str, chance: Random, *, more: float = 0.12) -> list[Elements]:
    """One set from ST to SE; `more` is how likely something optional is there."""
    loop = load_map(release, set_id).getnodebypath("/ISA_LOOP/GS_LOOP/ST_LOOP")
    rows = [["ST", set_id, "0001"], *_children(loop, chance, more)][:400]
    if set_id == "856":
        _number_levels(rows)
    return [*rows, ["SE", str(len(rows) + 1), "0001"]]


def _children(loop: Any, chance: Random, more: float) -> list[Elements]:
    rows: list[Elements] = []
    for position in sorted(loop.pos_map):
        for child in loop.pos_map[position]:
            if child.id in ("ST", "SE"):
                continue
            first = child is loop.get_first_node()
            times = 1 if first or child.usage == "R" else int(chance.random() < more)
            if times and not first and child.get_max_repeat() > 1 and chance.random() < 0.3:
                times = min(child.get_max_repeat(), chance.randint(1, 3))
            for _ in range(times):
                rows += _children(child, chance, more / 1.5) if child.is_loop() else [_segment(child, chance)]
    return rows


def _segment(node: Any, chance: Random) -> Elements:
    if node.children and node.children[0].data_ele == "0":
        return [node.id, "OPEN", "1"]
    for attempt in range(40):
        share = 0.35 if attempt < 25 else 1.0 if attempt < 30 else 0.0
        row = [node.id, *(_slot(child, chance, share) for child in node.children)]
        while not row[-1]:
            row.pop()
        broken = check_syntax(Segment(row, 0, 1), node)
        if not broken:
            return row
        for error in broken:
            row += [""] * (error.position + 1 - len(row))
            row[error.position] = _value(node.children[error.position - 1], chance) if error.code == "2" else ""
        if not check_syntax(Segment(row, 0, 1), node):
            return row
    return row


def _slot(child: Any, chance: Random, share: float) -> str:
    return _value(child, chance) if child.usage == "R" or (child.usage == "S" and chance.random() < share) else ""


def _value(node: Any, chance: Random) -> str:
    if node.is_composite():
        parts = [_slot(child, chance, 0.3 if child.seq > 1 else 1.0) for child in node.children]
        return ">".join(parts).rstrip(">")
    codes = list(node.valid_codes)
    if node.external_codes:
        codes += sorted(node.root.ext_codes.codes[node.external_codes]["codes"])
    if codes:
        return str(chance.choice(codes))
    kind, shortest, longest = node.get_data_type(), max(1, node.min_len), node.max_len
    length = chance.randint(shortest, min(longest, shortest + 8))
    if kind == "DT":
        year = f"{chance.randint(1800, 2399)}"[-4 if longest >= 8 else -2 :]
        return f"{year}{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}"
    if kind == "TM":
        return f"{chance.randint(0, 23):02d}{chance.randint(0, 59):02d}"
    if kind == "R":
        digits = "".join(chance.choices(string.digits, k=length))
        at = chance.randint(0, length - 1)
        return chance.choice(("", "-")) + (digits if chance.random() < 0.5 else f"{digits[:at]}.{digits[at:]}")
    if kind.startswith("N"):
        return "".join(chance.choices(string.digits, k=length))
    if kind == "ID":
        return "".join(chance.choices(string.ascii_uppercase, k=length))
    return "".join(chance.choices(_TEXT, k=length - 1)) + chance.choice(string.ascii_letters)


def _number_levels(rows: list[Elements]) -> None:
    """HL loops as shipment, order, items: numbers, parents, levels and child flags that agree."""
    levels = [row for row in rows if row[0] == "HL"]
    for number, row in enumerate(levels, 1):
        parent = "" if number == 1 else "1" if number == 2 else "2"
        level = "S" if number == 1 else "O" if number == 2 else "I"
        children = int(number < len(levels) if number <= 2 else 0)
        row[1:] = [str(number), parent, level, str(children)]
