"""The rows behind the key figures, registered by the apps that have them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from distportal.measures.definitions import kpi
from distportal.measures.kinds import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A row behind a figure, as people read it; `url` leads to it."""

    title: str
    detail: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Rows of one figure. `rows` gives a query with `fact_at` (an indexed moment), `fact_value` (a number, empty while
    it waits), `fact_partner` and `fact_part`; one figure may have several sources.

    `good` says which rows are as they should be, where that is no matter of the target. `tell` words a page of rows.
    `kept_days`: older rows are gone, so days before must not be counted again.
    """

    kpi: str
    name: str
    title: str
    rows: Callable[[], QuerySet[Any]]
    tell: Callable[[Sequence[Any]], Iterable[Told]]
    good: Q | None = None
    kept_days: Callable[[], float] | None = None

    @property
    def is_good(self) -> Q:
        """The condition of a good row; of a count none is."""
        known = kpi(self.kpi)
        if self.good is not None or known is None:
            return self.good or Q(pk__in=[])
        if known.unit == Unit.SHARE:
            return Q(fact_value__gte=1)
        return Q(fact_value__lte=known.target) if known.unit == Unit.DURATION else Q(pk__in=[])

    def between(self, start: dt.datetime, end: dt.datetime) -> QuerySet[Any]:
        """The rows from `start` up to, but not at, `end`."""
        return self.rows().filter(fact_at__gte=start, fact_at__lt=end)


_sources: dict[tuple[str, str], Source] = {}


def add_source(source: Source) -> Source:
    """Register rows of a figure. Raises ValueError for a figure that nobody defined."""
    if kpi(source.kpi) is None:
        raise ValueError(f"no key figure is called {source.kpi}")
    _sources[source.kpi, source.name] = source
    return source


def sources_of(code: str) -> list[Source]:
    """The sources of a figure by name."""
    return [source for (of, _), source in sorted(_sources.items()) if of == code]
