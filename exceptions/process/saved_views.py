"""Keep and drop views of the queue."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from django.db import transaction

from distportal.accounts.models import User
from exceptions.errors import UnusableView
from exceptions.models import CaseView
from exceptions.queries.listing import PARAMETERS

MOST_VIEWS = 30


@transaction.atomic
def save_view(*, user: User, name: str, query: str, shared: bool) -> CaseView:
    """The person's view of that name, new or replaced; only what the queue understands is kept of `query`. A shared one
    is seen by the whole desk.

    Raises UnusableView without a name, without any filter, or for a person who has 30 already.
    """
    name = name.strip()[:60]
    kept = urlencode([(key, value) for key, value in parse_qsl(query) if key in PARAMETERS and value])
    if not name or not kept:
        raise UnusableView("a view needs a name and at least one filter; nothing was saved")
    if len(kept) > 500:
        raise UnusableView("the filters are too long to be kept; nothing was saved")
    mine = CaseView.objects.filter(user=user)
    if mine.exclude(name=name).count() >= MOST_VIEWS:
        raise UnusableView(f"{MOST_VIEWS} views are saved already; drop one first")
    view, _ = mine.update_or_create(user=user, name=name, defaults={"query": kept, "shared": shared})
    return view


@transaction.atomic
def drop_view(*, user: User, view_id: int) -> None:
    """The view is gone, for all who saw it. Raises UnusableView for one that is not the person's."""
    if not CaseView.objects.filter(user=user, pk=view_id).delete()[0]:
        raise UnusableView("this view is not yours or was dropped already")
