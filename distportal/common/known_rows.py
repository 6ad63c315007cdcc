"""Rows that belong to another one and are known before anybody read them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Model


def know_rows(row: Model, **known: Sequence[Model]) -> None:
    """Who asks the row for `row.name.all()` gets these, as if `prefetch_related` had read them. For a row that was
    written a moment ago with all that belongs to it: nobody reads again what he has just said.
    """
    kept: dict[str, Any] = row.__dict__.setdefault("_prefetched_objects_cache", {})
    for name, rows in known.items():
        found = getattr(row, name).all()
        found._result_cache, found._prefetch_done = list(rows), True
        kept[name] = found
