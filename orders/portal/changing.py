"""A dealer changes or cancels an order of its own."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal, InvalidOperation

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from distportal.accounts.permissions import Act
from distportal.common.errors import DomainError
from distportal.web.audience import PersonRequest, dealer_view
from orders.choices import ChangeStatus
from orders.models import ChangeRequest, Order
from orders.process.changes.asking import ask_for_cancellation, ask_for_change
from orders.queries.change_window import change_window


def _order(request: PersonRequest, number: int) -> Order:
    rows = Order.objects.visible_to(request.user).filter(account=request.account)
    return get_object_or_404(rows.select_related("account", "ship_to"), number=number)


@require_GET
@dealer_view(Act.CHANGE_ORDERS)
def show(request: PersonRequest, number: int) -> HttpResponse:
    """What can still be changed, until when, and why the rest cannot."""
    order = _order(request, number)
    lines = list(order.lines.select_related("item"))
    context = {
        "order": order,
        "window": change_window(order, lines),
        "token": uuid.uuid4(),
        "changes": order.change_requests.all(),
    }
    return render(request, "orders/portal/change.html", context)


@require_POST
@dealer_view(Act.CHANGE_ORDERS)
def ask(request: PersonRequest, number: int) -> HttpResponse:
    """Ask for the change that was typed, or for a cancellation; the same form sent twice asks once."""
    order, note = _order(request, number), request.POST.get("note", "")[:200]
    try:
        token = uuid.UUID(request.POST.get("token", ""))
        if "cancel" in request.POST:
            placed = ask_for_cancellation(order=order, token=token, note=note, user=request.user)
        else:
            day = request.POST.get("requested_on", "")
            placed = ask_for_change(
                order=order,
                token=token,
                quantities=_quantities(request),
                requested_on=dt.date.fromisoformat(day) if day else order.requested_on,
                note=note,
                user=request.user,
            )
    except (InvalidOperation, ValueError):
        messages.error(request, _("A quantity or the date cannot be read; nothing was changed."))
        return redirect("orders:change", number=number)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("orders:change", number=number)
    _tell(request, placed.change)
    return redirect("orders:detail", number=number)


def _quantities(request: PersonRequest) -> dict[str, Decimal]:
    """By line number what is wanted: 0 for a ticked `drop.<no>`, else the typed number. Raises InvalidOperation."""
    found = {}
    for name, value in request.POST.items():
        if name.startswith("quantity.") and str(value).strip():
            quantity = Decimal(str(value).strip())
            if not quantity.is_finite() or quantity < 0:
                raise InvalidOperation
            found[name.removeprefix("quantity.")] = quantity
    dropped = {name.removeprefix("drop.") for name in request.POST if name.startswith("drop.")}
    return {**found, **dict.fromkeys(dropped, Decimal(0))}


def _tell(request: PersonRequest, change: ChangeRequest) -> None:
    status = change.status
    if status == ChangeStatus.APPLIED:
        messages.success(request, _("Done: the order is as you asked."))
    elif status == ChangeStatus.REFUSED:
        messages.error(request, _("Refused: %(reason)s The order is as it was.") % {"reason": f"{change.reason}."})
    elif status == ChangeStatus.HELD:
        messages.warning(request, _("A person looks at your change; the order goes on as it is meanwhile."))
    else:
        messages.info(request, _("Your change is on its way. The answer appears under Changes on this page."))
