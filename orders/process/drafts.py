"""A dealer's cart, from the first item to the placed order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from distportal.accounts.models import Account, ShipTo, User
from distportal.accounts.permissions import Act
from distportal.accounts.standing import require_act
from distportal.canonical.base import plain
from distportal.canonical.orders import Order as AskedOrder
from distportal.canonical.orders import OrderLine as AskedLine
from distportal.canonical.parts import Address, ItemId
from distportal.common.errors import Invalid, NotFound
from distportal.common.units import to_base
from distportal.events.clock import database_now
from inventory.queries.packs import sold_as
from orders.models import Draft, DraftLine
from orders.process.fitting import misfit_of
from orders.process.intake import Placement, place_order

if TYPE_CHECKING:
    from inventory.models import Item

MOST = Decimal(1_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """What is asked once for the whole order."""

    ship_to: ShipTo
    po_number: str
    requested_on: dt.date | None
    ship_complete: bool
    note: str


@transaction.atomic
def open_draft(*, account: Account, user: User) -> Draft:
    """The person's open cart at the account, made if there is none."""
    return Draft.objects.get_or_create(account=account, user=user, order=None)[0]


@transaction.atomic
def add_to_draft(*, draft: Draft, item: Item, quantity: Decimal, unit: str) -> DraftLine:
    """The cart's line of this item, raised by the quantity. Raises Invalid for a unit or quantity that cannot be."""
    _check(quantity)
    to_base(quantity, unit=unit, packs=item.levels)
    line, fresh = DraftLine.objects.select_for_update().get_or_create(
        draft=draft, item=item, unit=unit, defaults={"quantity": quantity}
    )
    if not fresh:
        line.quantity += quantity
        line.save(update_fields=["quantity"])
    return line


def misfit_in_draft(line: DraftLine) -> str:
    """What is wrong with the quantity of a cart's line, as it is sold, and what would do; empty where nothing is."""
    misfit = misfit_of(_asked(1, line), line.item)
    if misfit is None:
        return ""
    offers = " or ".join(plain(quantity) for quantity in (misfit.down, misfit.up) if quantity is not None)
    why = sold_as(line.item) or f"{line.item.sku} is not sold so"
    return f"{why}: {plain(misfit.asked)} {line.unit} cannot be sent. Make it {offers} {line.unit} in the cart."


@dataclass(frozen=True, slots=True)
class Wanted:
    """So much of an item in a unit that it is sold in."""

    item: Item
    unit: str
    quantity: Decimal


@transaction.atomic
def put_into_draft(*, draft: Draft, wanted: Sequence[Wanted]) -> None:
    """As `add_to_draft` for many at once, in three statements however many; the same item twice is one line of both.

    Raises Invalid where a line would hold more than can be ordered: nothing is added then.
    """
    held = draft.lines.select_for_update().filter(item__in=[one.item for one in wanted]).order_by("pk")
    lines = {(line.item_id, line.unit): line for line in held}
    fresh: dict[tuple[int, str], DraftLine] = {}
    for one in wanted:
        key = (one.item.pk, one.unit)
        line = lines.get(key) or fresh.get(key)
        if line is None:
            line = fresh[key] = DraftLine(draft=draft, item=one.item, unit=one.unit, quantity=Decimal(0))
        line.quantity += one.quantity
        _check(line.quantity)
    DraftLine.objects.bulk_create(fresh.values())
    DraftLine.objects.bulk_update(lines.values(), ["quantity"])


@transaction.atomic
def swap_in_draft(*, draft: Draft, line_id: str, item: Item) -> DraftLine:
    """The cart with this item in place of the line's, as many of the same unit; lines of other carts are not touched.

    Raises NotFound for a line that is not there any more, Invalid for a unit that the item does not have.
    """
    rows = draft.lines.select_for_update(of=("self",)).select_related("item")
    line = rows.filter(pk=line_id).first() if line_id.isdecimal() else None
    if line is None:
        raise NotFound("This line is not in your cart any more; the cart is as it was.")
    if not any(told["sku"] == item.sku for told in line.item.substitutes):
        raise Invalid(f"{item.sku} does not stand for {line.item.sku}; the cart is as it was.")
    line.delete()
    return add_to_draft(draft=draft, item=item, quantity=line.quantity, unit=line.unit)


@transaction.atomic
def set_quantities(*, draft: Draft, quantities: Mapping[str, Decimal]) -> None:
    """Each named line at its quantity; zero takes it out. Lines of other carts are not touched. Raises Invalid."""
    for line in draft.lines.select_for_update().filter(pk__in=[k for k in quantities if k.isdecimal()]).order_by("pk"):
        wanted = quantities[str(line.pk)]
        if wanted == 0:
            line.delete()
        else:
            _check(wanted)
            line.quantity = wanted
            line.save(update_fields=["quantity"])


def _check(quantity: Decimal) -> None:
    if not quantity.is_finite() or not Decimal(0) < quantity <= MOST or quantity != quantity.to_integral_value():
        raise Invalid("Quantities are whole numbers above zero; the cart is as it was.")


def draft_order(draft: Draft, checkout: Checkout | None = None) -> AskedOrder:
    """The cart as a canonical order; without a checkout it is good for pricing only."""
    order = enquiry(draft.account, [_asked(n, line) for n, line in enumerate(draft.lines.select_related("item"), 1)])
    if checkout is None:
        return order
    return replace(
        order,
        po_number=checkout.po_number,
        ship_to=Address(code=checkout.ship_to.code),
        requested_on=checkout.requested_on,
        ship_complete=checkout.ship_complete,
        notes=(checkout.note,) if checkout.note else (),
    )


def _asked(number: int, line: DraftLine) -> AskedLine:
    return AskedLine(
        line_no=str(number),
        items=(ItemId(qualifier="sku", value=line.item.sku),),
        quantity=line.quantity,
        unit=line.unit,
        description=line.item.name,
    )


def enquiry(account: Account, lines: Sequence[AskedLine]) -> AskedOrder:
    """The lines as an order of the account that nobody has placed: good for pricing only."""
    place = ShipTo.objects.filter(account=account, active=True).first()
    return AskedOrder(
        channel="portal",
        account=account.code,
        po_number="DRAFT",
        ordered_on=database_now().date(),
        ship_to=Address(code=place.code if place else ""),
        currency=account.currency,
        lines=tuple(lines),
    )


@transaction.atomic
def place_draft(*, draft_id: UUID, account: Account, user: User, checkout: Checkout) -> Placement:
    """The order this cart became; the same cart again gives the same order. Raises NotFound, Invalid, or
    NotAllowed for a person whose role does not include placing orders.
    """
    require_act(user=user, account_id=account.pk, act=Act.PLACE_ORDERS)
    draft = Draft.objects.select_for_update(of=("self",)).filter(pk=draft_id, account=account, user=user).first()
    if draft is None:
        raise NotFound("This cart is not there any more; nothing was placed.")
    if draft.order is not None:
        return Placement(order=draft.order, outcome="repeated")
    if not draft.lines.exists():
        raise Invalid("The cart is empty; nothing was placed.")
    placement = place_order(order=draft_order(draft, checkout), source_key=f"portal:{draft.pk}", placed_by=user)
    if placement.outcome == "placed":
        draft.order, draft.po_number, draft.ship_to = placement.order, checkout.po_number, checkout.ship_to
        draft.save()
    return placement
