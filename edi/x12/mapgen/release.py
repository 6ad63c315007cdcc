"""The tables of one release: 004010 as written down, 005010 with its differences applied."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from edi.x12.mapgen.notation import Element, Use, read_element, read_elements, read_set, read_use
from edi.x12.mapgen.segments import COMPOSITES, SEGMENTS
from edi.x12.mapgen.sets import ADDED_IN_5010, CHANGED_IN_5010, REMOVED_IN_5010, SETS

RELEASES = ("004010", "005010")
_FIRST_IN_LOOP = {"IN2": "N2"}
"""Segments that 005010 puts right after another one; all other additions close the list of their loop."""


@dataclass(frozen=True, slots=True)
class Definition:
    """One segment of one release with its syntax rules."""

    elements: list[Element]
    rules: list[str]


def sets_of(release: str) -> dict[str, list[Use]]:
    """Every set of the release as a tree."""
    trees = {set_id: read_set(text) for set_id, text in SETS.items()}
    if release == "005010":
        for set_id, uses in trees.items():
            _apply_set_changes(set_id, uses)
    return trees


def segments_of(release: str) -> dict[str, Definition]:
    """Every judged segment of the release."""
    found = {name: Definition(read_elements(e), rules.split()) for name, (e, rules, _) in SEGMENTS.items()}
    if release == "005010":
        widths: dict[str, int] = {}
        for name, (_, _, changes) in SEGMENTS.items():
            found[name] = _changed_segment(found[name], changes, widths)
        for name, definition in found.items():
            elements = [replace(e, longest=widths.get(e.number, e.longest)) for e in definition.elements]
            found[name] = Definition(elements, definition.rules)
    return found


def composites_of(release: str) -> dict[str, list[Element]]:
    """The composites, widened with the elements they are made of."""
    widest = {e.number: e for d in segments_of(release).values() for e in d.elements}
    return {
        name: [replace(e, longest=widest[e.number].longest) if e.number in widest else e for e in read_elements(text)]
        for name, text in COMPOSITES.items()
    }


def _apply_set_changes(set_id: str, uses: list[Use]) -> None:
    root = Use("", True, "1", uses)
    removed = [p.strip() for p in REMOVED_IN_5010.get(set_id, "").split(",") if p.strip()]
    for path in removed:
        if path.rpartition("/")[0] + "/MTX" not in ADDED_IN_5010.get(set_id, ""):
            parent = _find(root, path.rpartition("/")[0])
            parent.children.remove(parent.child(path.rpartition("/")[2]))
    for addition in (p.strip() for p in ADDED_IN_5010.get(set_id, "").split(",") if p.strip()):
        path, _, rest = addition.partition(" ")
        parent_path, _, segment = path.rpartition("/")
        _insert(_find(root, parent_path), read_use(f"{segment} {rest}"), swap=f"{parent_path}/MSG" in removed)
    for change in (p.strip() for p in CHANGED_IN_5010.get(set_id, "").split(",") if p.strip()):
        path, _, maximum = change.split()
        _find(root, path).maximum = maximum


def _insert(parent: Use, use: Use, *, swap: bool) -> None:
    names = [u.segment for u in parent.children]
    if use.segment == "MTX" and swap and "MSG" in names:
        parent.children[names.index("MSG")] = use
    elif _FIRST_IN_LOOP.get(use.segment) in names:
        parent.children.insert(names.index(_FIRST_IN_LOOP[use.segment]) + 1, use)
    elif use.segment == "CRC" and "IT1" in names:
        parent.children.insert(names.index("IT1"), use)
    else:
        parent.children.append(use)


def _find(root: Use, path: str) -> Use:
    use = root
    for segment in filter(None, path.split("/")):
        use = use.child(segment)
    return use


def _changed_segment(definition: Definition, changes: str, widths: dict[str, int]) -> Definition:
    elements, rules = list(definition.elements), list(definition.rules)
    for change in (c.strip() for c in changes.split(";") if c.strip()):
        if change.startswith("+"):
            elements.append(read_element(change[1:]))
        elif change.startswith("syntax"):
            for rule in change.split()[1:]:
                if rule.startswith("+"):
                    rules.append(rule[1:])
                else:
                    rules.remove(rule[1:])
        else:
            _change_element(elements, change, widths)
    return Definition(elements, rules)


def _change_element(elements: list[Element], change: str, widths: dict[str, int]) -> None:
    match = re.match(r"^(\d+): (\S+) (\S+)$", change)
    if match is None:
        raise ValueError(f"not a change: {change!r}")
    index = int(match[1]) - 1
    if match[3] in ("M", "O"):
        elements[index] = replace(elements[index], mandatory=match[3] == "M")
        return
    number, width = elements[index].number, int(match[3])
    widths[number] = width
