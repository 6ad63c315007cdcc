"""A dealer's cart: what goes in and out of it, and the order it would be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from django.db import transaction
from django.utils.translation import gettext as _

from distportal.accounts.models import Account, ShipTo, User
from distportal.canonical.base import from_json, plain
from distportal.canonical.orders import Order as AskedOrder
from distportal.canonical.orders import OrderLine as AskedLine
from distportal.canonical.orders import PlaceQuantity
from distportal.canonical.parts import Address, ItemId
from distportal.common.errors import Invalid, NotFound
from distportal.common.site_day import site_day
from distportal.common.units import to_base
from distportal.events.clock import database_now
from inventory.queries.packs import sold_as
from orders.choices import Shipping
from orders.models import Draft, DraftLine, Order
from orders.process.fitting import misfit_of

if TYPE_CHECKING:
    from distportal.canonical.orders import LineShipping as AskedShipping
    from inventory.models import Item

MOST = Decimal(1_000_000)


@transaction.atomic
def open_draft(*, account: Account, user: User) -> Draft:
    """The person's open cart at the account, made if there is none."""
    return Draft.objects.get_or_create(account=account, user=user, order=None, asked=False)[0]


def note_placed(*, draft: Draft, order: Order) -> None:
    """The cart became this order, and others where it went to several places; it is no open cart any more."""
    draft.order, draft.placed_at = order, database_now()
    draft.save(update_fields=["order", "placed_at", "updated_at"])


@transaction.atomic
def add_to_draft(*, draft: Draft, item: Item, quantity: Decimal, unit: str) -> DraftLine:
    """The cart's line of this item, raised by the quantity. Raises Invalid for a unit or quantity that cannot be."""
    check_quantity(quantity)
    to_base(quantity, unit=unit, packs=item.levels)
    line, fresh = DraftLine.objects.select_for_update(no_key=True).get_or_create(
        draft=draft, item=item, unit=unit, defaults={"quantity": quantity}
    )
    if not fresh:
        _raise(line, quantity)
        line.save(update_fields=["quantity", "later", "seen_at"])
    return line


def _raise(line: DraftLine, quantity: Decimal) -> None:
    """So much more of the line; one that was put aside comes back with that alone."""
    line.quantity = quantity if line.later else line.quantity + quantity
    line.later, line.seen_at = False, None


def misfit_in_draft(line: DraftLine) -> str:
    """What is wrong with the quantity of a cart's line, as it is sold, and what would do; empty where nothing is."""
    misfit = misfit_of(_asked(1, line), line.item)
    if misfit is None:
        return ""
    offers = _(" or ").join(plain(quantity) for quantity in (misfit.down, misfit.up) if quantity is not None)
    why = sold_as(line.item) or _("%(sku)s is not sold so") % {"sku": line.item.sku}
    return _("%(why)s: %(asked)s %(unit)s cannot be sent. Make it %(offers)s %(unit)s in the cart.") % {
        "why": why,
        "asked": plain(misfit.asked),
        "unit": line.unit,
        "offers": offers,
    }


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
    held = draft.lines.select_for_update(no_key=True).filter(item__in=[one.item for one in wanted]).order_by("pk")
    lines = {(line.item_id, line.unit): line for line in held}
    fresh: dict[tuple[int, str], DraftLine] = {}
    for one in wanted:
        key = (one.item.pk, one.unit)
        line = lines.get(key) or fresh.get(key)
        if line is None:
            line = fresh[key] = DraftLine(draft=draft, item=one.item, unit=one.unit, quantity=Decimal(0))
        _raise(line, one.quantity)
        check_quantity(line.quantity)
    DraftLine.objects.bulk_create(fresh.values())
    DraftLine.objects.bulk_update(lines.values(), ["quantity", "later", "seen_at"])


@transaction.atomic
def swap_in_draft(*, draft: Draft, line_id: str, item: Item) -> DraftLine:
    """The cart with this item in place of the line's, as many of the same unit; lines of other carts are not touched.

    Raises NotFound for a line that is not there any more, Invalid for a unit that the item does not have.
    """
    rows = draft.lines.select_for_update(of=("self",), no_key=True).select_related("item")
    line = rows.filter(pk=line_id).first() if line_id.isdecimal() else None
    if line is None:
        raise NotFound(_("This line is not in your cart any more; the cart is as it was."))
    if not any(told["sku"] == item.sku for told in line.item.substitutes):
        raise Invalid(
            _("%(other)s does not stand for %(sku)s; the cart is as it was.")
            % {"other": item.sku, "sku": line.item.sku}
        )
    line.delete()
    return add_to_draft(draft=draft, item=item, quantity=line.quantity, unit=line.unit)


@transaction.atomic
def set_quantities(*, draft: Draft, quantities: Mapping[str, Decimal]) -> None:
    """Each named line at its quantity; zero takes it out. Lines of other carts are not touched. Raises Invalid."""
    for line in (
        draft.lines.select_for_update(no_key=True)
        .filter(pk__in=[k for k in quantities if k.isdecimal()])
        .order_by("pk")
    ):
        wanted = quantities[str(line.pk)]
        if wanted == 0:
            line.delete()
        else:
            check_quantity(wanted)
            line.quantity, line.seen_at = wanted, None if wanted != line.quantity else line.seen_at
            line.save(update_fields=["quantity", "seen_at"])


def check_quantity(quantity: Decimal) -> None:
    """Raises Invalid for what nobody can order."""
    if not quantity.is_finite() or not Decimal(0) < quantity <= MOST or quantity != quantity.to_integral_value():
        raise Invalid(_("Quantities are whole numbers above zero; the cart is as it was."))


def lines_in_cart(draft: Draft) -> list[DraftLine]:
    """The lines that would be ordered, with items and shares, in the order in which they were put in."""
    rows = draft.lines.filter(later=False).select_related("item")
    return list(rows.prefetch_related("shares__ship_to"))


def draft_order(draft: Draft, lines: Sequence[DraftLine] | None = None) -> AskedOrder:
    """The cart as one canonical order: lines that go to several ship-tos say so by their distribution, as an EDI order
    with store quantities does. `lines` are those of `lines_in_cart`, where the caller has them.
    """
    rows = lines_in_cart(draft) if lines is None else lines
    order = enquiry(draft.account, [_asked(n, line, draft) for n, line in enumerate(rows, 1)])
    return replace(
        order,
        po_number=draft.po_number,
        ship_to=_ship_to(draft, order),
        requested_on=draft.requested_on,
        cancel_after=draft.cancel_after,
        ship_complete=draft.shipping == Shipping.COMPLETE,
        notes=tuple(_notes(draft, rows)),
    )


def _ship_to(draft: Draft, order: AskedOrder) -> Address:
    if draft.one_off and not draft.several:
        return from_json(Address, draft.one_off)
    if draft.ship_to is not None and not draft.several:
        return Address(code=draft.ship_to.code)
    first = next((share.place for line in order.lines for share in line.distribution), "")
    return Address(code=first) if first else order.ship_to


def _notes(draft: Draft, lines: Sequence[DraftLine]) -> Iterator[str]:
    if draft.note:
        yield draft.note
    for number, line in enumerate(lines, 1):
        if line.note:
            yield f"Line {number}, {line.item.sku}: {line.note}"


def _asked(number: int, line: DraftLine, draft: Draft | None = None) -> AskedLine:
    several, per_line = (draft.several, draft.shipping == Shipping.PER_LINE) if draft else (False, False)
    shares = [share for share in line.shares.all() if share.quantity > 0] if several else []
    return AskedLine(
        line_no=str(number),
        items=(ItemId(qualifier="sku", value=line.item.sku),),
        quantity=line.quantity,
        unit=line.unit,
        description=line.item.name,
        distribution=tuple(PlaceQuantity(place=share.ship_to.code, quantity=share.quantity) for share in shares),
        shipping=cast("AskedShipping", line.shipping) if per_line else "",
    )


def enquiry(account: Account, lines: Sequence[AskedLine]) -> AskedOrder:
    """The lines as an order of the account that nobody has placed: good for pricing only."""
    place = ShipTo.objects.filter(account=account, active=True).first()
    return AskedOrder(
        channel="portal",
        account=account.code,
        po_number="DRAFT",
        ordered_on=site_day(database_now()),
        ship_to=Address(code=place.code if place else ""),
        currency=account.currency,
        lines=tuple(lines),
    )
