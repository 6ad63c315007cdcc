"""Keep and drop the views of the message monitor."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from django.db import transaction

from distportal.accounts.models import User
from edi.errors import NothingToDo, UnusableView
from edi.models import SavedView
from edi.queries.listing import VIEW_PARAMETERS

MOST_VIEWS = 30


@transaction.atomic
def save_view(*, user: User, name: str, query: str) -> SavedView:
    """The person's view of that name, new or replaced; only what the monitor understands is kept of `query`.

    Raises UnusableView without a name, without any filter, or for a person who has 30 already.
    """
    name = name.strip()[:60]
    kept = urlencode([(key, value) for key, value in parse_qsl(query) if key in VIEW_PARAMETERS and value])
    if not name or not kept:
        raise UnusableView("a view needs a name and at least one filter; nothing was saved")
    if len(kept) > 500:
        raise UnusableView("the search is too long to be kept; nothing was saved")
    mine = SavedView.objects.filter(user=user)
    if mine.exclude(name=name).count() >= MOST_VIEWS:
        raise UnusableView(f"{MOST_VIEWS} views are saved already; drop one first")
    view, _ = mine.update_or_create(user=user, name=name, defaults={"query": kept})
    return view


@transaction.atomic
def drop_view(*, user: User, view_id: int) -> None:
    """The view is gone. Raises NothingToDo for one that is not the person's."""
    gone, _ = SavedView.objects.filter(user=user, pk=view_id).delete()
    if not gone:
        raise NothingToDo("this view is not yours or was dropped already")
