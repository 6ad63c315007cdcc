"""The cart and its checkout on one page: what is typed is kept at once, by htmx or by the page's own buttons."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from distportal.accounts.permissions import Act
from distportal.common.errors import DomainError
from distportal.web.audience import PersonRequest, dealer_view
from inventory.queries.items import item_with_sku
from orders.models import Draft
from orders.portal.cart_page import cart_page, figures, keep_typed
from orders.process.cart_saving import go_to_several, put_aside, remove_line
from orders.process.carts import accept_changes, look_at_cart
from orders.process.drafts import add_to_draft, misfit_in_draft, open_draft, set_quantities, swap_in_draft


@require_GET
@dealer_view(Act.PLACE_ORDERS)
def show(request: PersonRequest) -> HttpResponse:
    """The cart with today's prices and promises, and all that placing it takes."""
    return cart_page(request, open_draft(account=request.account, user=request.user))


@require_POST
@dealer_view(Act.PLACE_ORDERS)
def save(request: PersonRequest) -> HttpResponse:
    """Keep what was typed, and do what the pressed button says: `do` is a word, a line's id and more, by colons."""
    draft = open_draft(account=request.account, user=request.user)
    if request.POST.get("token") != str(draft.pk):
        messages.warning(request, gettext("That cart was placed before; this is your cart now."))
        return redirect("orders:cart")
    typed = keep_typed(request, draft)
    word, *rest = request.POST.get("do", "").split(":")
    if word in DOINGS and not typed.wrong:
        try:
            DOINGS[word](request, draft, rest)
        except DomainError as error:
            messages.error(request, error.message)
        except (ValueError, InvalidOperation):
            messages.error(request, gettext("That button belongs to an older page; the cart is as it was."))
    draft.refresh_from_db()
    if request.headers.get("HX-Request"):
        return figures(request, draft, typed)
    return cart_page(request, draft, typed=typed, status=422) if typed.wrong else redirect("orders:cart")


def _several(request: PersonRequest, draft: Draft, _: list[str]) -> None:
    go_to_several(draft=draft, place_ids=request.POST.getlist("place"))  # type: ignore[arg-type]


def _swap(request: PersonRequest, draft: Draft, rest: list[str]) -> None:
    item = item_with_sku(rest[1])
    swap_in_draft(draft=draft, line_id=rest[0], item=item)
    messages.success(request, gettext("%(item)s is in your cart instead.") % {"item": item.sku})


def _accept(_: PersonRequest, draft: Draft, __: list[str]) -> None:
    if (cart := look_at_cart(draft)) is not None:
        accept_changes(cart)


DOINGS: dict[str, Callable[[PersonRequest, Draft, list[str]], None]] = {
    "remove": lambda _, draft, rest: remove_line(draft=draft, line_id=int(rest[0])),
    "later": lambda _, draft, rest: put_aside(draft=draft, line_id=int(rest[0]), later=True),
    "back": lambda _, draft, rest: put_aside(draft=draft, line_id=int(rest[0]), later=False),
    "make": lambda _, draft, rest: set_quantities(draft=draft, quantities={rest[0]: Decimal(rest[1])}),
    "swap": _swap,
    "accept": _accept,
    "several": _several,
    "one": lambda _, draft, rest: go_to_several(draft=draft, place_ids=()),
}


@require_POST
@dealer_view(Act.PLACE_ORDERS)
def add(request: PersonRequest) -> HttpResponse:
    """Put an item into the cart, or change what is in it; back to where the person was."""
    draft = open_draft(account=request.account, user=request.user)
    try:
        _added(request, draft, request.POST.dict())
    except InvalidOperation:
        messages.error(request, gettext("That quantity is not a number; the cart is as it was."))
    except DomainError as error:
        messages.error(request, error.message)
    back = request.POST.get("next", "")
    return redirect(back if url_has_allowed_host_and_scheme(back, {request.get_host()}) else "orders:cart")


def _added(request: PersonRequest, draft: Draft, post: dict[str, Any]) -> None:
    if "swap" in post:
        _swap(request, draft, [post["swap"], post.get("for", "")])
    elif "sku" in post:
        item = item_with_sku(post["sku"])
        unit = post.get("unit") or item.base_unit
        line = add_to_draft(draft=draft, item=item, quantity=Decimal(post.get("quantity", "")), unit=unit)
        messages.success(request, gettext("%(item)s is in your cart.") % {"item": item.sku})
        if misfit := misfit_in_draft(line):
            messages.warning(request, misfit)
    else:
        typed = {k.removeprefix("quantity."): Decimal(v) for k, v in post.items() if k.startswith("quantity.")}
        set_quantities(draft=draft, quantities=typed)
