"""Filters that people keep under a name: what may be kept, one rule for every list that has such views."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

from django.db.models import Model, QuerySet

from distportal.accounts.models import User
from distportal.common.errors import UnusableView

MOST_VIEWS = 30
LONGEST = 500
ViewT = TypeVar("ViewT", bound=Model)


def kept_view(
    *, views: QuerySet[ViewT], user: User, name: str, query: str, parameters: Collection[str], what: str, **more: Any
) -> ViewT:
    """The person's view of that name, new or replaced, with `more` on it; of `query` only `parameters` are kept. `what`
    the list calls its filters. The caller is atomic.

    Raises UnusableView without a name, without any filter, with more than 500 characters of them, or for a person who
    has 30 already.
    """
    name = name.strip()[:60]
    kept = urlencode([(key, value) for key, value in parse_qsl(query) if key in parameters and value])
    if not name or not kept:
        raise UnusableView("a view needs a name and at least one filter; nothing was saved")
    if len(kept) > LONGEST:
        raise UnusableView(f"{what} too long to be kept; nothing was saved")
    mine = views.filter(user=user)
    if mine.exclude(name=name).count() >= MOST_VIEWS:
        raise UnusableView(f"{MOST_VIEWS} views are saved already; drop one first")
    return mine.update_or_create(user=user, name=name, defaults={"query": kept, **more})[0]
