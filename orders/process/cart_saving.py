"""Keep what a dealer types into the cart's page, field by field, so that nothing is lost before it is submitted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from distportal.accounts.models import ShipTo
from distportal.canonical.base import to_json
from distportal.canonical.parts import Address
from distportal.common.errors import Conflict, Invalid
from distportal.common.units import to_base
from orders.choices import FindingAction, LineShipping, Shipping
from orders.models import Draft, DraftLine, DraftShare
from orders.process.drafts import check_quantity
from orders.process.policy import action_for, policy_of

MOST_PLACES = 25
"""Ship-tos of one cart: a grid that a person can look through; orders for more stores come by file or EDI."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckoutSaid:
    """What is asked once for the whole order."""

    ship_to: ShipTo | None = None
    one_off: Address | None = None
    po_number: str = ""
    requested_on: dt.date | None = None
    cancel_after: dt.date | None = None
    shipping: Shipping = Shipping.AVAILABLE
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineSaid:
    """What is typed for one line; `shares` is ship-to id -> quantity, where the cart goes to several."""

    quantity: Decimal | None = None
    unit: str = ""
    note: str | None = None
    shipping: str | None = None
    shares: Mapping[UUID, Decimal] = field(default_factory=dict)


def one_off_allowed(draft: Draft) -> bool:
    """Whether an address that is not on file may be typed: where the policy has a person look at such an order."""
    return action_for(policy_of(draft.account_id), "ship_to_unknown") == FindingAction.HOLD


@transaction.atomic
def save_checkout(*, draft: Draft, said: CheckoutSaid) -> None:
    """The cart says this from now on. Raises Conflict once it was placed, Invalid for an address that may not be."""
    row = _locked(draft)
    if said.one_off is not None and not one_off_allowed(draft):
        raise Invalid(gettext("Your company orders to places on file only. Choose one; the cart is as it was."))
    row.ship_to, row.one_off = said.ship_to, to_json(said.one_off) if said.one_off else {}
    row.po_number, row.note = said.po_number.strip(), said.note.strip()
    row.requested_on, row.cancel_after, row.shipping = said.requested_on, said.cancel_after, said.shipping
    row.save()


@transaction.atomic
def save_lines(*, draft: Draft, said: Mapping[int, LineSaid]) -> None:
    """Each named line says this; zero takes it out. Lines of other carts are not touched. Raises Conflict once the cart
    was placed, and Invalid for a quantity or unit that cannot be: nothing is saved then.
    """
    _locked(draft)
    rows = (
        draft.lines.select_for_update(of=("self",), no_key=True)
        .select_related("item")
        .filter(pk__in=said)
        .order_by("pk")
    )
    for line in rows:
        wanted = said[line.pk]
        quantity = _share_out(line, wanted.shares) if draft.several and wanted.shares else wanted.quantity
        if quantity == 0:
            line.delete()
            continue
        _fill(line, wanted, quantity)
        line.save()


def _fill(line: DraftLine, wanted: LineSaid, quantity: Decimal | None) -> None:
    before = (line.quantity, line.unit)
    if quantity is not None:
        check_quantity(quantity)
        line.quantity = quantity
    if wanted.unit and wanted.unit != line.unit:
        to_base(line.quantity, unit=wanted.unit, packs=line.item.levels)
        if line.draft.lines.filter(item=line.item, unit=wanted.unit).exists():
            raise Invalid(
                gettext("%(item)s is in the cart in this unit already; the cart is as it was.")
                % {"item": line.item.sku}
            )
        line.unit = wanted.unit
    if wanted.note is not None:
        line.note = wanted.note.strip()[:200]
    if wanted.shipping is not None:
        line.shipping = LineShipping(wanted.shipping)
    if (line.quantity, line.unit) != before:
        line.seen_at = None


def _share_out(line: DraftLine, shares: Mapping[UUID, Decimal]) -> Decimal | None:
    """What all places come to; none where nothing was typed yet. The shares are those of the account's own ship-tos."""
    places = ShipTo.objects.filter(account=line.draft.account_id, pk__in=shares).values_list("pk", flat=True)
    for place in places:
        if shares[place] != 0:
            check_quantity(shares[place])
        DraftShare.objects.update_or_create(line=line, ship_to_id=place, defaults={"quantity": shares[place]})
    return sum((share.quantity for share in line.shares.all()), Decimal(0)) or None


@transaction.atomic
def go_to_several(*, draft: Draft, place_ids: Collection[UUID]) -> None:
    """The cart's lines are shared out over these ship-tos of the account; the first gets what has no place yet. With
    none it goes to one place again. Raises Invalid for more than a page can show.
    """
    row = _locked(draft)
    places = list(ShipTo.objects.filter(account=row.account_id, active=True, pk__in=place_ids).order_by("name", "pk"))
    if len(places) > MOST_PLACES:
        raise Invalid(
            gettext("One order goes to at most %(number)d places; send the rest as a second one.")
            % {"number": MOST_PLACES}
        )
    lines = list(row.lines.filter(later=False).order_by("pk"))
    DraftShare.objects.filter(line__draft=row).exclude(ship_to__in=places).delete()
    row.several = bool(places)
    row.save(update_fields=["several", "updated_at"])
    for line in lines if places else ():
        known = {share.ship_to_id: share.quantity for share in line.shares.all()}
        rest = max(line.quantity - sum(known.values(), Decimal(0)), Decimal(0))
        for at, place in enumerate(places):
            quantity = known.get(place.pk, Decimal(0)) + (rest if at == 0 else Decimal(0))
            DraftShare.objects.update_or_create(line=line, ship_to=place, defaults={"quantity": quantity})


@transaction.atomic
def remove_line(*, draft: Draft, line_id: int) -> None:
    """The line is not in the cart any more; one that is not there was taken out before."""
    _locked(draft)
    draft.lines.filter(pk=line_id).delete()


@transaction.atomic
def put_aside(*, draft: Draft, line_id: int, later: bool) -> None:
    """The line is kept for later, or is back in the cart; what changed meanwhile is told then."""
    _locked(draft)
    draft.lines.filter(pk=line_id).update(later=later)


def _locked(draft: Draft) -> Draft:
    row = (
        Draft.objects.select_for_update(of=("self",), no_key=True).filter(pk=draft.pk, order=None, asked=False).first()
    )
    if row is None:
        raise Conflict(gettext("This cart was placed in the meantime; nothing was changed. Load the page again."))
    return row
