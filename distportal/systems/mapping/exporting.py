"""Mappings as lines of CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from distportal.common.csv_lines import csv_lines

if TYPE_CHECKING:
    from distportal.systems.mapping.importing import PlannedRow
    from distportal.systems.mapping.models import CrossReference

COLUMNS = ("scope", "kind", "theirs", "ours", "valid_from", "valid_until", "reason")


def mapping_lines(rows: Iterable[CrossReference]) -> Iterator[str]:
    """The heading and a line for each row, as an import takes them; counts behind."""
    return csv_lines([*COLUMNS, "hits", "last_used_at", "changed_by"], map(_cells, rows))


def _cells(row: CrossReference) -> list[object]:
    texts = [str(getattr(row, name) or "") for name in COLUMNS]
    return [*texts, row.hits, row.last_used_at.isoformat() if row.last_used_at else "", row.changed_by]


def problem_lines(rows: Iterable[PlannedRow]) -> Iterator[str]:
    """Each wrong row with its line and what is wrong, its cells behind."""
    return csv_lines(["line", "problem", "row as it came"], ([row.line, row.problem, *row.cells] for row in rows))
