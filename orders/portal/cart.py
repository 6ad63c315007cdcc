"""The cart: add, review, place. The draft's id is the token that makes a double click one order."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from distportal.accounts.models import ShipTo
from distportal.accounts.permissions import Act
from distportal.common.errors import DomainError
from distportal.events.pressure import require_order_intake
from distportal.systems.cache.answers import Seen, weakest
from distportal.web.audience import PersonRequest, dealer_view
from inventory.process.live.prices import other_price
from inventory.queries.items import item_with_sku
from orders.models import DraftLine
from orders.portal.checks import credit_shown, price_checks
from orders.portal.forms import CheckoutForm
from orders.process.drafts import (
    add_to_draft,
    draft_order,
    misfit_in_draft,
    open_draft,
    place_draft,
    set_quantities,
    swap_in_draft,
)
from orders.process.evaluation import Evaluation, amount_of, evaluate_order


@require_GET
@dealer_view(Act.PLACE_ORDERS)
def show(request: PersonRequest) -> HttpResponse:
    """The cart with today's prices and promises, and the form that places it."""
    draft = open_draft(account=request.account, user=request.user)
    lines = list(draft.lines.select_related("item"))
    evaluation = evaluate_order(order=draft_order(draft), account=request.account) if lines else None
    places = ShipTo.objects.filter(account=request.account, active=True)
    checks = price_checks(evaluation, request.account) if evaluation else {}
    context = {
        "rows": _rows(lines, evaluation, checks) if evaluation else [],
        "price_check": weakest(checks.values()),
        "credit": credit_shown(request.account) if evaluation else None,
        "evaluation": evaluation,
        "remarks": [v for v in evaluation.verdicts if not v.finding.line_no] if evaluation else [],
        "form": CheckoutForm(places=places, draft=draft),
    }
    return render(request, "orders/portal/cart.html", context)


def _rows(lines: list[DraftLine], evaluation: Evaluation, checks: Mapping[str, Seen]) -> list[dict[str, Any]]:
    """Cart lines beside what the rules say of each: the same facts that the order will be judged by; and the ERP's own
    price where it says another one.
    """
    return [
        {
            "line": line,
            "fact": fact,
            "amount": amount_of(fact),
            "erp_price": other_price(fact.our_price, checks.get(fact.line.line_no)),
            "verdicts": [v for v in evaluation.verdicts if v.finding.line_no == fact.line.line_no],
        }
        for line, fact in zip(lines, evaluation.facts.lines, strict=True)
    ]


@require_POST
@dealer_view(Act.PLACE_ORDERS)
def add(request: PersonRequest) -> HttpResponse:
    """Put an item into the cart, or change what is in it; back to where the person was."""
    draft = open_draft(account=request.account, user=request.user)
    try:
        if "swap" in request.POST:
            item = item_with_sku(request.POST.get("for", ""))
            swap_in_draft(draft=draft, line_id=request.POST["swap"], item=item)
            messages.success(request, f"{item.sku} is in your cart instead.")
        elif "sku" in request.POST:
            item = item_with_sku(request.POST["sku"])
            unit = request.POST.get("unit") or item.base_unit
            line = add_to_draft(draft=draft, item=item, quantity=Decimal(request.POST.get("quantity", "")), unit=unit)
            messages.success(request, f"{item.sku} is in your cart.")
            if misfit := misfit_in_draft(line):
                messages.warning(request, misfit)
        else:
            wanted = {
                k.removeprefix("quantity."): Decimal(str(v))
                for k, v in request.POST.items()
                if k.startswith("quantity.")
            }
            set_quantities(draft=draft, quantities=wanted)
    except InvalidOperation:
        messages.error(request, "That quantity is not a number; the cart is as it was.")
    except DomainError as error:
        messages.error(request, error.message)
    back = request.POST.get("next", "")
    return redirect(back if url_has_allowed_host_and_scheme(back, {request.get_host()}) else "orders:cart")


@require_POST
@dealer_view(Act.PLACE_ORDERS)
def place(request: PersonRequest) -> HttpResponse:
    """Place the cart; the same cart again shows the order it became."""
    places = ShipTo.objects.filter(account=request.account, active=True)
    form = CheckoutForm(request.POST, places=places)
    if not form.is_valid():
        for name, errors in form.errors.items():
            messages.error(request, f"{form.fields[name].label}: {errors[0]}")
        return redirect("orders:cart")
    try:
        require_order_intake()
        placement = place_draft(
            draft_id=form.cleaned_data["token"], account=request.account, user=request.user, checkout=form.checkout()
        )
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("orders:cart")
    if placement.outcome == "conflict":
        messages.warning(
            request,
            f"This PO number is on {placement.order} with other lines. We look into it; no second order was made.",
        )
    return redirect("orders:detail", number=placement.order.number)
