"""Shopping lists: all of them, one with its lines, and what is done to them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from distportal.accounts.permissions import Act
from distportal.common.errors import DomainError
from distportal.web.audience import PersonRequest, dealer_view, may
from inventory.queries.items import item_with_sku
from orders.process.list_lines import add_items
from orders.process.lists import change_list, create_list, delete_list, duplicate_list
from orders.queries.lists import lists_of


@require_GET
@dealer_view(Act.VIEW_PRICES)
def index(request: PersonRequest) -> HttpResponse:
    """The person's own lists and the company's."""
    rows = lists_of(account=request.account, user=request.user).select_related("owner").annotate(size=Count("lines"))
    return render(request, "orders/portal/lists.html", {"lists": rows, "may": may(request, Act.KEEP_PART_NUMBERS)})


@require_POST
@dealer_view(Act.KEEP_PART_NUMBERS)
def new(request: PersonRequest) -> HttpResponse:
    """A new list, empty or with the items that were chosen elsewhere."""
    try:
        row = create_list(
            account=request.account,
            user=request.user,
            name=request.POST.get("name", ""),
            shared=request.POST.get("shared") == "1",
        )
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("orders:lists")
    messages.success(request, _("“%(name)s” is there.") % {"name": row.name})
    return redirect("orders:list", list_id=row.pk)


@require_POST
@dealer_view(Act.KEEP_PART_NUMBERS)
def add(request: PersonRequest) -> HttpResponse:
    """Items by SKU or by the ticks of a grid into a list that is there or a new one; back to where the person was."""
    try:
        name, items = _wanted_items(request)
        chosen = request.POST.get("list", "")
        if chosen == "new":
            row = create_list(
                account=request.account, user=request.user, name=request.POST.get("name", "") or name, item_ids=items
            )
            added = len(items)
        else:
            row = _list_or_404(request, chosen)
            added = add_items(list_id=row.pk, account=request.account, user=request.user, item_ids=items)
        there = len(items) - added
        told = _("%(added)s added to “%(name)s”, %(there)s stood there already.")
        messages.success(request, told % {"added": added, "name": row.name, "there": there})
    except DomainError as error:
        messages.error(request, error.message)
    back = request.POST.get("next", "")
    return redirect(back if url_has_allowed_host_and_scheme(back, {request.get_host()}) else "orders:lists")


def _wanted_items(request: PersonRequest) -> tuple[str, list[int]]:
    """A name for a list of them, and the ids. Raises NotFound for an unknown SKU."""
    if "sku" in request.POST:
        item = item_with_sku(request.POST["sku"])
        return item.name[:80], [item.pk]
    keys = [name.removeprefix("tick.") for name in request.POST if name.startswith("tick.")]
    return "", [int(key) for key in keys if key.isdecimal() and len(key) < 18]


@require_POST
@dealer_view(Act.KEEP_PART_NUMBERS)
def change(request: PersonRequest, list_id: UUID) -> HttpResponse:
    """Name, note and who sees it; a copy; or its end."""
    who: dict[str, Any] = {"list_id": _list_or_404(request, str(list_id)).pk, "account": request.account}
    who["user"] = request.user
    data = request.POST
    try:
        if "delete" in data:
            gone = delete_list(**who)
            messages.success(request, _("“%(name)s” is gone. Your cart and orders are as they were.") % {"name": gone})
            return redirect("orders:lists")
        if "duplicate" in data:
            copy = duplicate_list(**who)
            messages.success(request, _("This is the copy; only you see it."))
            return redirect("orders:list", list_id=copy.pk)
        was, now = ((data.get(f"{field}{end}", "") for field in ("name", "note")) for end in (".was", ""))
        change_list(**who, was=_pair(was), now=_pair(now), shared=data.get("shared") == "1")
        messages.success(request, _("Saved."))
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("orders:list", list_id=list_id)


def _pair(texts: Any) -> tuple[str, str]:
    first, second = (text.strip() for text in texts)
    return first, second


def _list_or_404(request: PersonRequest, list_id: str) -> Any:
    """Somebody else's private list, and one of another company, is not there."""
    rows = lists_of(account=request.account, user=request.user)
    return get_object_or_404(rows, pk=list_id if _is_uuid(list_id) else None)


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
