"""A dealer answers what holds an order of its own, whatever channel it came by."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from distportal.accounts.models import ShipTo
from distportal.accounts.permissions import Act
from distportal.common.errors import DomainError
from distportal.common.money import show_price
from distportal.common.sentences import said_again
from distportal.web.audience import PersonRequest, dealer_view
from orders.choices import OrderStatus
from orders.models import Order, OrderLine
from orders.process.answers import Answered, answer_held_order
from orders.process.policy import PRICE_CODE
from orders.queries.questions import Question, questions_of

PREFIX = "fix."


@require_http_methods(["GET", "POST"])
@dealer_view(Act.CHANGE_ORDERS)
def answer(request: PersonRequest, number: int) -> HttpResponse:
    """Each question with the fields that answer it; what was typed stands there still when it does not fit."""
    rows = Order.objects.visible_to(request.user).filter(account=request.account)
    order = get_object_or_404(rows.select_related("account", "ship_to"), number=number)
    if request.method == "POST":
        done = _answered(request, order)
        if done is not None:
            return done
        order.refresh_from_db()
    lines = {line.line_no: line for line in order.lines.select_related("item")}
    context = {
        "order": order,
        "questions": [_shown(order, lines.get(q.line_no), q, request) for q in questions_of(order)],
        "places": ShipTo.objects.filter(account=request.account, active=True),
    }
    return render(request, "orders/portal/answer.html", context, status=422 if request.method == "POST" else 200)


def _answered(request: PersonRequest, order: Order) -> HttpResponse | None:
    """Where to go on; None where the answer did not fit and the form is shown again."""
    told = {name.removeprefix(PREFIX): str(value) for name, value in request.POST.items() if name.startswith(PREFIX)}
    text = request.POST.get("version", "")
    try:
        done = answer_held_order(
            order_id=order.pk,
            version=int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0,
            answers={name: "" if value == "as-agreed" else value for name, value in told.items()},
            user=request.user,
        )
    except DomainError as error:
        messages.error(request, error.sentence)
        return None
    _tell(request, done)
    return redirect("orders:detail", number=order.number)


def _tell(request: PersonRequest, done: Answered) -> None:
    order = done.order
    if done.repeated:
        messages.info(request, _("Your answer had arrived before; it was not taken twice."))
    elif order.status == OrderStatus.HELD:
        messages.warning(
            request,
            _("Thank you. One thing is left: %(left)s.") % {"left": "; ".join(said_again(text) for text in done.left)},
        )
    elif order.status == OrderStatus.REJECTED:
        messages.error(
            request, _("With this answer the order cannot be taken: %(why)s") % {"why": said_again(order.closed_reason)}
        )
    else:
        messages.success(request, _("Thank you. %(order)s goes on now.") % {"order": order})


def _shown(order: Order, line: OrderLine | None, question: Question, request: PersonRequest) -> dict[str, Any]:
    """The question beside its line, each field with what stands there now or was just typed."""
    asked: dict[str, Any] = next((ln for ln in order.canonical["lines"] if ln["line_no"] == question.line_no), {})
    fields = [
        {
            "name": f"{PREFIX}{name}",
            "id": f"id_{question.code}_{name.replace('.', '_')}",
            "kind": name.rpartition(".")[2],
            "label": label,
            "value": request.POST.get(f"{PREFIX}{name}", _now(order, asked, name.rpartition(".")[2])),
        }
        for name, label in question.names
    ]
    units = [level.unit for level in line.item.levels] if line and line.item else []
    offers = [question.data.get("substitute"), *question.data.get("candidates", [])]
    data = question.data if question.code == PRICE_CODE else {}
    told = {"asked_price": data.get("asked"), "our_price": data.get("ours")}
    prices = {name: show_price(Decimal(price), order.currency) for name, price in told.items() if price}
    called = next((i["value"] for i in asked.get("items", ()) if i["value"]), "")
    return {**prices, "question": question, "line": line, "asked": asked, "fields": fields, "units": units,
            "called": called, "codes": [code for code in offers if code],
            "offers": question.data.get("offers", [])}  # fmt: skip


def _now(order: Order, asked: dict[str, Any], kind: str) -> str:
    if kind == "ship_to":
        return str(order.canonical["ship_to"]["code"])
    if kind in ("requested_on", "cancel_after"):
        return str(order.canonical.get(kind) or "")
    if kind == "sku":
        return str(next((i["value"] for i in asked.get("items", ()) if i["qualifier"] == "sku"), ""))
    return str(asked.get(kind) or "")
