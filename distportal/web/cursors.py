"""Pages of long lists by the place of their first row: as cheap on the last page as on the first, and steady while rows
come in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Field, Model, Q, QuerySet

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class CursorPage(Generic[Row]):
    """Some rows; `newer` and `older` are the cursors of the pages beside it, empty at the ends."""

    rows: list[Row]
    newer: str = ""
    older: str = ""


A_PAGE = 50


def first_page(found: Sequence[Row], *, keys: Sequence[str], size: int = A_PAGE) -> CursorPage[Row]:
    """The first page, of its rows and one more where there are more: for a query that is prepared."""
    rows = list(found[:size])
    return CursorPage(rows, "", _told("o", rows[-1], keys) if len(found) > size else "")


def cursor_page(rows: QuerySet[Row], cursor: str, *, keys: Sequence[str], size: int = A_PAGE) -> CursorPage[Row]:
    """The page at a cursor, or the first one for text that is no cursor. One query, and one more where the page ends up
    empty. `keys` are the columns that the rows are ordered by, falling or, with a `+` before, rising; the last one is
    unique.
    """
    back, place = _place(rows.model, cursor, keys)
    wanted = rows if place is None else rows.filter(_beyond(keys, place, back=back))
    found = list(wanted.order_by(*(_name(key) if _rises(key, back) else f"-{_name(key)}" for key in keys))[: size + 1])
    more, found = len(found) > size, found[:size]
    if not found:
        return CursorPage([]) if place is None else cursor_page(rows, "", keys=keys, size=size)
    if back:
        found.reverse()
        return CursorPage(found, _told("n", found[0], keys) if more else "", _told("o", found[-1], keys))
    newer = _told("n", found[0], keys) if place is not None else ""
    return CursorPage(found, newer, _told("o", found[-1], keys) if more else "")


def _place(model: type[Model], cursor: str, keys: Sequence[str]) -> tuple[bool, list[object] | None]:
    way, _, text = cursor.partition(":")
    parts = text.split("~")
    if way not in ("n", "o") or len(parts) != len(keys):
        return False, None
    try:
        return way == "n", [_column(model, _name(k)).to_python(p) for k, p in zip(keys, parts, strict=True)]
    except ValidationError:
        return False, None


def _column(model: type[Model], name: str) -> Field[Any, Any]:
    found = model._meta.get_field(name)
    if not isinstance(found, Field):
        raise TypeError(f"{name} is no column of {model.__name__}")
    return found


def _name(key: str) -> str:
    return key.removeprefix("+")


def _rises(key: str, back: bool) -> bool:
    return key.startswith("+") != back


def _beyond(keys: Sequence[str], place: Sequence[object], *, back: bool) -> Q:
    """Rows whose keys, read in order, come after the place."""
    steps = [
        Q(
            **dict(zip(map(_name, keys[:at]), place[:at], strict=True)),
            **{f"{_name(key)}__{'gt' if _rises(key, back) else 'lt'}": place[at]},
        )
        for at, key in enumerate(keys)
    ]
    return reduce(lambda one, other: one | other, steps)


def _told(way: str, row: Model, keys: Sequence[str]) -> str:
    return f"{way}:" + "~".join(str(getattr(row, _name(key))) for key in keys)
