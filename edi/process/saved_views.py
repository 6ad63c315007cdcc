"""Keep and drop the views of the message monitor."""

from __future__ import annotations

from django.db import transaction

from distportal.accounts.models import User
from distportal.accounts.saved_views import kept_view
from edi.errors import NothingToDo
from edi.models import SavedView
from edi.queries.listing import VIEW_PARAMETERS


@transaction.atomic
def save_view(*, user: User, name: str, query: str) -> SavedView:
    """The person's view of that name, new or replaced; only what the monitor understands is kept of `query`.

    Raises UnusableView without a name, without any filter, or for a person who has 30 already.
    """
    return kept_view(
        views=SavedView.objects.all(), user=user, name=name, query=query, parameters=VIEW_PARAMETERS,
        what="the search is",
    )  # fmt: skip


@transaction.atomic
def drop_view(*, user: User, view_id: int) -> None:
    """The view is gone. Raises NothingToDo for one that is not the person's."""
    gone, _ = SavedView.objects.filter(user=user, pk=view_id).delete()
    if not gone:
        raise NothingToDo("this view is not yours or was dropped already")
