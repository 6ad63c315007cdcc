"""Reckon what is open of documents and what payments come to, where there is no figure yet or of all once more."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from orders.models import Invoice, Remittance

BATCH = 2000
BUDGET_SECONDS = 120.0
"""A run of the job leaves the rest to the next one after so long: orders need the disk, too."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """A figure that the database keeps: whose, in which column, and the function that reckons it for ids."""

    model: type[Invoice] | type[Remittance]
    column: str
    function: str


_FIGURES = (
    _Kept(Invoice, "still_open", "orders_reckon_open"),
    _Kept(Remittance, "settled", "orders_reckon_payments"),
)


def reckon_missing(*, batch: int = BATCH, budget: float = BUDGET_SECONDS) -> bool:
    """Whether every document and every payment has its figure now; those of an older version have none. A transaction
    a batch, and nothing more after `budget` seconds.
    """
    until = time.monotonic() + budget
    for kept in _FIGURES:
        missing = _ids(kept).filter(**{kept.column: None})
        while ids := list(missing[:batch]):
            _reckon(kept, ids)
            if time.monotonic() > until:
                return False
    return True


def reckon_all(*, batch: int = BATCH) -> tuple[int, int]:
    """How many documents and payments there are, and how many had another figure than they should. A transaction a
    batch.
    """
    seen = changed = 0
    for kept in _FIGURES:
        last: UUID | None = None
        while ids := list((_ids(kept).filter(pk__gt=last) if last else _ids(kept))[:batch]):
            changed += _reckon(kept, ids)
            seen, last = seen + len(ids), ids[-1]
    return seen, changed


def _ids(kept: _Kept) -> QuerySet[Any, UUID]:
    rows: QuerySet[Any, UUID] = kept.model._default_manager.order_by("pk").values_list("pk", flat=True)
    return rows


@transaction.atomic
def _reckon(kept: _Kept, ids: Sequence[UUID]) -> int:
    """How many of the rows got another figure."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {kept.function}(%s::uuid[])", [list(ids)])
        return int(cursor.fetchone()[0])
