"""Pages of big tables: one row more is read to know whether there is a next page, and nothing is counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)
LAST_PAGE = 400
"""Nobody pages further; a filter finds it sooner, and an offset costs more with every page."""


class PeekedPage(Generic[Row]):
    """Some rows of a query; speaks like Django's Page, without a count."""

    def __init__(self, rows: Sequence[Row], number: int, size: int, *, more: bool) -> None:
        self.object_list = rows
        self.number = number
        self._size, self._more = size, more

    def __iter__(self) -> Iterator[Row]:
        return iter(self.object_list)

    def __len__(self) -> int:
        return len(self.object_list)

    def has_next(self) -> bool:
        """Whether rows follow that may be paged to."""
        return self._more and self.number < LAST_PAGE

    def has_previous(self) -> bool:
        """Whether rows come before."""
        return self.number > 1

    def has_other_pages(self) -> bool:
        """Whether there is anything to page to."""
        return self.has_next() or self.has_previous()

    def next_page_number(self) -> int:
        """The number of the next page."""
        return self.number + 1

    def previous_page_number(self) -> int:
        """The number of the page before."""
        return self.number - 1

    def start_index(self) -> int:
        """The place of the first row, from 1."""
        return (self.number - 1) * self._size + 1

    def end_index(self) -> int:
        """The place of the last row."""
        return self.start_index() + len(self.object_list) - 1


A_PAGE = 50


def first_peeked(found: Sequence[Row], *, size: int = A_PAGE) -> PeekedPage[Row]:
    """The first page, of its rows and one more where there are more: for a query that is prepared."""
    return PeekedPage(found[:size], 1, size, more=len(found) > size)


def peeked_page(
    rows: QuerySet[Row], number: str | None, *, size: int = A_PAGE, by_keys: QuerySet[Row] | None = None
) -> PeekedPage[Row]:
    """The page of that number, or the first one for anything that is no number of a page. One query; with `by_keys`,
    rows in the same order without conditions, the rows are sorted by their keys alone and those of the page are read by
    it: where many rows are sorted that no index has in order.
    """
    at = int(number) if number and number.isascii() and number.isdecimal() and len(number) < 6 else 1
    at = min(max(at, 1), LAST_PAGE)
    part = slice((at - 1) * size, at * size + 1)
    found = list(rows[part] if by_keys is None else by_keys.filter(pk__in=rows.select_related(None).values("pk")[part]))
    if not found and at > 1:
        return peeked_page(rows, "1", size=size, by_keys=by_keys)
    return PeekedPage(found[:size], at, size, more=len(found) > size)
