"""A table of mappings from a file: first what it would do, row by row, then all of it or what of it is right."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Lookup
from dataclasses import dataclass, replace
from typing import Literal

from django.db import transaction

from distportal.common.csv_lines import plain_cell
from distportal.common.tables import BadTable, rows_of
from distportal.observability.actor import actor_name
from distportal.systems.mapping.choices import Kind
from distportal.systems.mapping.editing import Mapping, changed, problem_with, store, take_turn
from distportal.systems.mapping.exporting import COLUMNS
from distportal.systems.mapping.models import CrossReference
from distportal.systems.mapping.registry import our_codes, scope_titles

Verdict = Literal["new", "changed", "same", "wrong"]
NEEDED = ("kind", "theirs", "ours")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRow:
    """One row of the file: its line, what it says, what would become of it and, where it is wrong, why."""

    line: int
    cells: tuple[str, ...]
    verdict: Verdict
    mapping: Mapping | None = None
    before: CrossReference | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do."""

    rows: list[PlannedRow]

    @property
    def counts(self) -> dict[str, int]:
        """How many rows of each verdict."""
        found = Counter(row.verdict for row in self.rows)
        return {verdict: found[verdict] for verdict in ("new", "changed", "same", "wrong")}

    @property
    def wrong(self) -> list[PlannedRow]:
        """The rows that cannot be taken."""
        return [row for row in self.rows if row.verdict == "wrong"]


def plan_import(*, content: bytes, scope: str = "") -> Plan:
    """What the file would change; nothing is written. `scope` is that of rows that name none. Raises BadTable."""
    table = rows_of(content)
    if len(table) < 2:
        raise BadTable("The file has no rows below its heading; nothing was read.")
    head = [name.lower().replace(" ", "_") for name in table[0]]
    if missing := [name for name in NEEDED if name not in head]:
        raise BadTable(f"The first row has no column {', '.join(missing)}. Columns are {', '.join(COLUMNS)}.")
    if not scope and "scope" not in head:
        raise BadTable("Say whose codes these are: choose it, or name it in a column scope.")
    rows = [_read(line, dict(zip(head, cells, strict=False)), tuple(cells), scope) for line, cells in
            enumerate(table[1:], 2)]  # fmt: skip
    return Plan(_compared(_checked(rows)))


@transaction.atomic
def apply_import(*, content: bytes, scope: str = "", skip_wrong: bool = False, reason: str = "") -> Plan:
    """What was done: all rows, or with `skip_wrong` those that are right. Raises BadTable with nothing written where a
    row is wrong and that was not allowed.
    """
    take_turn()
    plan = plan_import(content=content, scope=scope)
    if plan.wrong and not skip_wrong:
        raise BadTable(f"{len(plan.wrong)} rows are wrong; nothing was imported. Mend them, or leave them out.")
    taken = [row for row in plan.rows if row.verdict in ("new", "changed")]
    rows = [_row(planned, reason) for planned in taken]
    if rows:
        store(rows)
        changed({row.scope for row in rows})
    return plan


def _row(planned: PlannedRow, reason: str) -> CrossReference:
    said = planned.mapping
    if said is None:
        raise ValueError(f"line {planned.line} says nothing")
    row = planned.before or CrossReference(
        scope=said.scope, kind=said.kind, theirs=said.theirs, valid_from=said.valid_from
    )
    row.ours, row.valid_until = said.ours, said.valid_until
    row.reason, row.changed_by = (said.reason or reason or "imported")[:300], actor_name()
    return row


def _read(line: int, cells: Lookup[str, str], raw: tuple[str, ...], scope: str) -> PlannedRow:
    text = {name: plain_cell(cells.get(name, "")) for name in COLUMNS}
    days: dict[str, dt.date | None] = {}
    for name in ("valid_from", "valid_until"):
        try:
            days[name] = dt.date.fromisoformat(text[name]) if text[name] else None
        except ValueError:
            return PlannedRow(
                line=line, cells=raw, verdict="wrong", problem=f"{name} {text[name]!r} is no date such as 2027-01-31"
            )
    mapping = Mapping(
        scope=text["scope"] or scope, kind=text["kind"].lower().replace("-", "_"), theirs=text["theirs"],
        ours=text["ours"], valid_from=days["valid_from"], valid_until=days["valid_until"], reason=text["reason"],
    )  # fmt: skip
    return PlannedRow(line=line, cells=raw, verdict="new", mapping=mapping)


def _checked(rows: Sequence[PlannedRow]) -> list[PlannedRow]:
    """Each row by itself; what exists of our codes is asked once a kind."""
    asked: dict[str, set[str]] = {}
    for row in rows:
        if row.mapping and row.mapping.kind in Kind.values:
            asked.setdefault(row.mapping.kind, set()).add(row.mapping.ours)
    known = {kind: codes.known(found) for kind, found in asked.items() if (codes := our_codes(kind))}
    names = scope_titles({row.mapping.scope for row in rows if row.mapping})
    checked, seen = [], set()
    for row in rows:
        problem = row.problem
        if row.mapping and not problem:
            problem = problem_with(row.mapping, known.get(row.mapping.kind, set()))
            if not problem and row.mapping.scope not in names:
                problem = f"there is nobody called {row.mapping.scope}"
            if not problem and row.mapping.key in seen:
                problem = "the same code stands further up in the file"
            seen.add(row.mapping.key)
        checked.append(replace(row, verdict="wrong", problem=problem) if problem else row)
    return checked


def _compared(rows: Sequence[PlannedRow]) -> list[PlannedRow]:
    """Each right row with what is stored, read in one query."""
    right = [row.mapping for row in rows if row.mapping and row.verdict != "wrong"]
    codes = {said.theirs for said in right}
    stored: dict[tuple[str, str, str], list[CrossReference]] = {}
    for kept in CrossReference.objects.filter(scope__in={said.scope for said in right}, theirs__in=codes):
        stored.setdefault((kept.scope, kept.kind, kept.theirs), []).append(kept)
    claimed: dict[tuple[str, str, str], list[Mapping]] = {}
    return [_against(row, stored, claimed) for row in rows]


def _against(
    row: PlannedRow,
    stored: Lookup[tuple[str, str, str], list[CrossReference]],
    claimed: dict[tuple[str, str, str], list[Mapping]],
) -> PlannedRow:
    said = row.mapping
    if said is None or row.verdict == "wrong":
        return row
    code = said.key[:3]
    rows = stored.get(code, [])
    same = next((kept for kept in rows if kept.valid_from == said.valid_from), None)
    others = [kept for kept in rows if kept is not same]
    if _overlaps(said, [*others, *claimed.get(code, [])]):
        return replace(row, verdict="wrong", problem=f"{said.theirs} means something on some of these days already")
    claimed.setdefault(code, []).append(said)
    if same is None:
        return row
    alike = (same.ours, same.valid_until) == (said.ours, said.valid_until)
    return replace(row, verdict="same" if alike else "changed", before=same)


def _overlaps(said: Mapping, others: Iterable[CrossReference | Mapping]) -> bool:
    first, last = dt.date.min, dt.date.max
    return any(
        (one.valid_from or first) <= (said.valid_until or last)
        and (said.valid_from or first) <= (one.valid_until or last)
        for one in others
    )
