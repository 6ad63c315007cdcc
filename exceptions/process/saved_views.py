"""Keep and drop views of the queue."""

from __future__ import annotations

from django.db import transaction

from distportal.accounts.models import User
from distportal.accounts.saved_views import kept_view
from distportal.common.errors import UnusableView
from exceptions.models import CaseView
from exceptions.process.incidents.subscribing import forget_view
from exceptions.queries.listing import PARAMETERS


@transaction.atomic
def save_view(*, user: User, name: str, query: str, shared: bool) -> CaseView:
    """The person's view of that name, new or replaced; only what the queue understands is kept of `query`. A shared one
    is seen by the whole desk.

    Raises UnusableView without a name, without any filter, or for a person who has 30 already.
    """
    return kept_view(
        views=CaseView.objects.all(), user=user, name=name, query=query, parameters=PARAMETERS,
        what="the filters are", shared=shared,
    )  # fmt: skip


@transaction.atomic
def drop_view(*, user: User, view_id: int) -> None:
    """The view is gone, for all who saw it. Raises UnusableView for one that is not the person's."""
    if not CaseView.objects.filter(user=user, pk=view_id).delete()[0]:
        raise UnusableView("this view is not yours or was dropped already")
    forget_view(view_id)
