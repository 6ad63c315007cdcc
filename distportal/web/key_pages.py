"""Pages of a back-office list that are reached by keys: what is passed over is never joined."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page
from django.db.models import QuerySet
from unfold import paginator


class InfinitePaginator(paginator.InfinitePaginator):  # type: ignore[misc]
    """Counts nothing; the theme knows such a one by its name. From the second page on the keys of a page are found
    first, in the list's order, and what `select_related` names is read for its rows alone: page 300 joined fifteen
    thousand rows to show fifty. One query all the same.
    """

    def page(self, number: int | str) -> Page[Any]:
        """The page of that number. Raises InvalidPage for what is none."""
        at = int(self.validate_number(number))
        rows, first = self.object_list, (at - 1) * self.per_page
        if first == 0 or not isinstance(rows, QuerySet) or rows.query.is_sliced:
            first_page: Page[Any] = super().page(at)
            return first_page
        keys = rows.select_related(None).prefetch_related(None).values("pk")[first : first + self.per_page]
        found: Page[Any] = self._get_page(rows.filter(pk__in=keys), at, self)
        return found
