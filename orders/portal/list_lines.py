"""One shopping list with its lines: ordered from, noted on, moved about."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from distportal.accounts.permissions import Act
from distportal.common.errors import DomainError
from distportal.web.audience import PersonRequest, dealer_view, may
from inventory.queries.offers import offers
from orders.models import ShoppingList
from orders.portal.picking import NOTHING, Row, Typed, choices_of, picks_of, typed_in
from orders.process.drafts import open_draft
from orders.process.list_lines import Noted, drop_lines, note_lines, transfer_lines
from orders.process.picking import take_picks
from orders.queries.lists import lists_of
from orders.queries.purchases import last_purchases


@require_GET
@dealer_view(Act.VIEW_PRICES)
def show(request: PersonRequest, list_id: UUID) -> HttpResponse:
    """The lines with today's price and stock; every quantity is empty, so nothing is ordered by accident."""
    return _page(request, _list(request, list_id))


@require_POST
@dealer_view(Act.PLACE_ORDERS)
def take(request: PersonRequest, list_id: UUID) -> HttpResponse:
    """What was chosen goes into the cart, all of it or nothing; the list stays as it is, with the notes typed now."""
    row = _list(request, list_id)
    try:
        if other := _keep_notes(request, row):
            return _page(request, row, typed=request.POST, other=other, status=409)
        choices = choices_of(_rows(request, row))
        draft = open_draft(account=request.account, user=request.user)
        added = take_picks(draft=draft, picks=picks_of(request.POST), choices=choices)
    except DomainError as error:
        messages.error(request, error.message)
        return _page(request, row, typed=request.POST, status=error.http_status)
    told = ngettext("%(added)s row is in your cart.", "%(added)s rows are in your cart.", added)
    messages.success(request, told % {"added": added})
    return redirect("orders:cart")


@require_POST
@dealer_view(Act.KEEP_PART_NUMBERS)
def change(request: PersonRequest, list_id: UUID) -> HttpResponse:
    """Keep the notes; then take the ticked lines off, or move or copy them to another list."""
    row = _list(request, list_id)
    keys = [int(name[5:]) for name in request.POST if name.startswith("tick.") and name[5:].isdecimal()]
    lines = list(row.lines.filter(item__in=keys).values_list("pk", flat=True))
    who: dict[str, Any] = {"list_id": row.pk, "account": request.account, "user": request.user}
    try:
        if other := _keep_notes(request, row):
            return _page(request, row, typed=request.POST, other=other, status=409)
        do = request.POST.get("do", "")
        if do == "drop":
            gone = drop_lines(**who, line_ids=lines)
            messages.success(request, ngettext("%(n)s line is off.", "%(n)s lines are off.", gone) % {"n": gone})
        elif do in ("move", "copy"):
            into = _list(request, _uuid(request.POST.get("into", "")))
            moved = transfer_lines(**who, into_id=into.pk, line_ids=lines, keep=do == "copy")
            told = ngettext("%(n)s line is in “%(name)s”.", "%(n)s lines are in “%(name)s”.", moved)
            messages.success(request, told % {"n": moved, "name": into.name})
        else:
            messages.success(request, _("Notes are saved."))
    except DomainError as error:
        messages.error(request, error.message)
        return _page(request, row, typed=request.POST, status=error.http_status)
    return redirect("orders:list", list_id=row.pk)


def _keep_notes(request: PersonRequest, row: ShoppingList) -> dict[int, str]:
    """Write the notes typed now, for those who may; what others wrote meanwhile comes back."""
    if not may(request, Act.KEEP_PART_NUMBERS):
        return {}
    keys = [name[5:] for name in request.POST if name.startswith("note.") and name[5:].isdecimal()]
    notes = {int(k): Noted(request.POST.get(f"was.{k}", ""), request.POST[f"note.{k}"]) for k in keys}
    return note_lines(list_id=row.pk, account=request.account, user=request.user, notes=notes)


def _page(
    request: PersonRequest,
    row: ShoppingList,
    *,
    typed: Typed = NOTHING,
    other: dict[int, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """`other`: notes that somebody else wrote meanwhile, by line id; ours stand in their fields still."""
    others = lists_of(account=request.account, user=request.user).exclude(pk=row.pk)
    context = {
        "list": row,
        "rows": _rows(request, row, typed),
        "other": other or {},
        "lists": others,
        "may_order": may(request, Act.PLACE_ORDERS),
        "may_list": may(request, Act.KEEP_PART_NUMBERS),
        "may_delete": row.owner_id == request.user.pk or may(request, Act.MANAGE_USERS),
        "mine": row.owner_id == request.user.pk,
    }
    return render(request, "orders/portal/list.html", context, status=status)


def _rows(request: PersonRequest, row: ShoppingList, typed: Typed = NOTHING) -> list[Row]:
    lines = list(row.lines.select_related("item"))
    found = offers([line.item for line in lines], request.account)
    last = last_purchases(request.account.pk, [line.item_id for line in lines])
    return [
        Row(
            key=str(line.item_id),
            offer=offer,
            last=last.get(line.item_id),
            line=line,
            note=str(typed.get(f"note.{line.pk}", line.note)),
            **typed_in(typed, str(line.item_id)),  # type: ignore[arg-type]
        )
        for line, offer in zip(lines, found, strict=True)
    ]


def _list(request: PersonRequest, list_id: UUID | None) -> ShoppingList:
    """Somebody else's private list, and one of another company, is not there."""
    return get_object_or_404(lists_of(account=request.account, user=request.user), pk=list_id)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
