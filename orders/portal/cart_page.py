"""Fill the cart's page: once whole, and after each field only the figures that follow from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from distportal.common.errors import DomainError
from distportal.systems.cache.answers import weakest
from distportal.web.audience import PersonRequest
from inventory.process.live.prices import other_price
from inventory.queries.packs import sold_levels
from orders.choices import LineShipping
from orders.models import Draft
from orders.portal.checkout_form import CheckoutForm, read_lines
from orders.portal.checks import credit_shown, price_checks
from orders.portal.days import day_off
from orders.portal.ordering_for import ordering_for, place_words
from orders.process.cart_promises import last_day
from orders.process.cart_saving import one_off_allowed, save_checkout, save_lines
from orders.process.carts import Cart, CartLine, keep_seen, look_at_cart
from orders.process.credit_words import credit_words
from orders.process.foreseeing import button_words
from orders.process.po_check import PoCheck, check_po
from orders.queries.ship_tos import places_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The form as it was sent, and by field name what is wrong with it; `raw` is what was typed for lines."""

    form: CheckoutForm
    wrong: dict[str, str]
    raw: dict[str, str]


def keep_typed(request: PersonRequest, draft: Draft) -> Typed:
    """What was typed is in the cart, as far as it can be; what cannot be is told and typed still."""
    form, lines = CheckoutForm(request.POST, draft=draft), read_lines(request.POST)
    wrong = dict.fromkeys(lines.wrong, gettext("This is no whole number."))
    try:
        save_lines(draft=draft, said=lines.lines)
        # A post of the lines alone leaves the rest as it is.
        if "po_number" in request.POST and form.is_valid():
            save_checkout(draft=draft, said=form.said())
        elif "po_number" in request.POST:
            wrong |= {name: str(errors[0]) for name, errors in form.errors.items()}
    except DomainError as error:
        wrong["cart"] = error.message
    return Typed(form=form, wrong=wrong, raw=lines.wrong)


def cart_page(
    request: PersonRequest,
    draft: Draft,
    *,
    typed: Typed | None = None,
    differs: Sequence[str] = (),
    po: PoCheck | None = None,
    status: int = 200,
) -> HttpResponse:
    """The whole page; `differs` is what changed since the page that was submitted, `po` what has its PO number."""
    cart, ordering = look_at_cart(draft), ordering_for(draft, request.account)
    context = {**_figures(request, draft, cart, po), **ordering, "differs": differs}
    context["wrong"] = typed.wrong if typed else {}
    context["raw"] = typed.raw if typed else {}
    context["form"] = typed.form if typed and typed.wrong else CheckoutForm(draft=draft)
    context["places"] = places_of(
        account=request.account,
        text=request.GET.get("place", ""),
        keep=[draft.ship_to_id] if draft.ship_to_id else [],
    )
    context["place_text"] = request.GET.get("place", "")
    context["one_off"] = one_off_allowed(draft)
    context["line_shipping"] = LineShipping.choices
    context["later"] = list(draft.lines.filter(later=True).select_related("item"))
    if cart is not None:
        keep_seen(cart)
    return render(request, "orders/portal/cart.html", context, status=status)


def figures(request: PersonRequest, draft: Draft, typed: Typed) -> HttpResponse:
    """What follows from what was typed, to be put into the page that is there: no field of it is touched."""
    cart = look_at_cart(draft)
    context = {**_figures(request, draft, cart, None), "wrong": typed.wrong, "swap": True, "place": place_words(draft)}
    return render(request, "orders/portal/_cart_said.html", context)


def _figures(request: PersonRequest, draft: Draft, cart: Cart | None, po: PoCheck | None) -> dict[str, Any]:
    if cart is None:
        return {"draft": draft, "cart": None}
    checks = price_checks(cart.evaluation, request.account)
    account = request.account
    credit = credit_words(cart.evaluation, cart.foreseen)
    said = {"credit_exceeded"} if credit else set()  # the sentence on the credit says it
    return {
        "draft": draft,
        "cart": cart,
        "rows": [_row(one, draft, checks) for one in cart.lines],
        "columns": _columns(cart),
        "changed": [one for one in cart.lines if one.changes],
        "price_check": weakest(checks.values()),
        "credit": credit,
        "credit_check": credit_shown(account),
        "remarks": [v for v in cart.remarks if v.action != "accept" and v.finding.code not in said],
        "words": button_words(cart.foreseen),
        "refused": all(one.kind == "refused" for one in cart.foreseen),
        "po": po or check_po(account=account, po_number=draft.po_number),
        "day_notes": [note for day in (draft.requested_on, draft.cancel_after) if (note := day_off(account, day))],
    }


def _row(one: CartLine, draft: Draft, checks: Any) -> dict[str, Any]:
    item = one.line.item
    return {
        "one": one,
        "line": one.line,
        "fact": one.fact,
        "units": [pack.unit for pack in sold_levels(item)],
        "last_day": last_day(one.parts),
        "erp_price": other_price(one.price, checks.get(one.fact.line.line_no)),
        "shares": {share.ship_to_id: share.quantity for share in one.line.shares.all()} if draft.several else {},
    }


def _columns(cart: Cart) -> list[Any]:
    """The ship-tos of a cart that goes to several."""
    found = {share.ship_to_id: share.ship_to for one in cart.lines for share in one.line.shares.all()}
    return sorted(found.values(), key=lambda place: (place.name, place.code)) if cart.draft.several else []
