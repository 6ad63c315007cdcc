"""The tables of one release: 004010 as written down, 005010 with its differences applied."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from edi.x12.mapgen.notation import Element, SetTable, Use, read_element, read_elements, read_set, read_use
from edi.x12.mapgen.segments import SEGMENTS
from edi.x12.mapgen.segments.composites import COMPOSITES
from edi.x12.mapgen.sets import SETS

_PREDECESSORS = {"IN2": "N2"}
"""Segments that 005010 puts right after another one."""


@dataclass(frozen=True, slots=True)
class Definition:
    """One segment of one release with its syntax rules."""

    elements: list[Element]
    rules: list[str]


def sets_of(release: str) -> dict[str, list[Use]]:
    """Every set of the release as a tree."""
    trees = {set_id: _tree(table, release) for set_id, table in SETS.items()}
    return {set_id: uses for set_id, uses in trees.items() if uses}


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
    found = {}
    for name, (text, changes) in COMPOSITES.items():
        definition = Definition(read_elements(text), [])
        if release == "005010":
            definition = _changed_segment(definition, changes, {})
        found[name] = [
            replace(e, longest=widest[e.number].longest) if e.number in widest else e for e in definition.elements
        ]
    return found


def _tree(table: SetTable, release: str) -> list[Use]:
    if release == "004010":
        return read_set(table.uses)
    if table.anew:
        return read_set(table.anew)
    root = Use("", True, "1", read_set(table.uses))
    added, swapped = _parts(table.added), set()
    for path in _parts(table.removed):
        parent, _, segment = path.rpartition("/")
        if segment == "MSG" and any(a.startswith(f"{parent}/MTX ") for a in added):
            swapped.add(parent)
        else:
            _find(root, parent).children.remove(_find(root, path))
    for addition in added:
        path, _, rest = addition.partition(" ")
        use, _, successor = rest.partition(" before ")
        parent, _, segment = path.rpartition("/")
        _insert(_find(root, parent), read_use(f"{segment} {use}"), successor, swap=parent in swapped)
    for change in _parts(table.changed):
        path, _, maximum = change.split()
        _find(root, path).maximum = maximum
    return root.children


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _insert(parent: Use, use: Use, successor: str, *, swap: bool) -> None:
    names = [u.segment for u in parent.children]
    if use.segment == "MTX" and swap:
        parent.children[names.index("MSG")] = use
    elif successor:
        parent.children.insert(names.index(successor), use)
    elif _PREDECESSORS.get(use.segment) in names:
        parent.children.insert(names.index(_PREDECESSORS[use.segment]) + 1, use)
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
    if match[2] == elements[index].number:
        elements[index] = replace(elements[index], number=match[3])
        return
    widths[elements[index].number] = int(match[3])
