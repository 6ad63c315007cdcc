"""Which columns of a list its reader sees: chosen on the list, and kept with the session as light and dark are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from distportal.web.languages import page_before

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_lists: dict[str, Mapping[int, StrOrPromise]] = {}
_ours: dict[str, Mapping[int, StrOrPromise]] = {}


def offer_columns(
    of: str, columns: Mapping[int, StrOrPromise], *, ours: Mapping[int, StrOrPromise] | None = None
) -> None:
    """Columns of the list that a reader may leave out: their heading by their place in a row, from 1. `ours` are the
    headings that our own people see instead.
    """
    _lists[of], _ours[of] = columns, ours or {}


def columns_of(request: HttpRequest, of: str) -> dict[int, StrOrPromise]:
    """What was offered for the list, as its reader sees it."""
    return {**_lists[of], **(_ours[of] if request.user.is_staff else {})}


def left_out(request: HttpRequest, of: str) -> Collection[int]:
    """The places of the list's columns that the reader has left out."""
    return [place for place in request.session.get("columns", {}).get(of, ()) if place in _lists[of]]


@require_POST
@login_required
def choose(request: HttpRequest) -> HttpResponse:
    """What is ticked is shown from now on, the list's other columns are not. Rows and files of the list stay whole."""
    of = request.POST.get("list", "")
    if of not in _lists:
        raise Http404(_("There is no such list."))
    ticked = request.POST.getlist("show")
    hidden = [place for place in _lists[of] if str(place) not in ticked]
    request.session["columns"] = {**request.session.get("columns", {}), of: hidden}
    return redirect(page_before(request))
