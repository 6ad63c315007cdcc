"""Where a dealer wants to be delivered to."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from distportal.accounts.choices import PlaceReview
from distportal.accounts.companies import locked_company
from distportal.accounts.models import Account, ShipTo, User
from distportal.accounts.permissions import Act
from distportal.common.errors import Conflict, NotAllowed, NotFound
from distportal.common.marks import A_CODE
from distportal.common.prepared import PreparedCount

TO_REVIEW = PreparedCount(lambda review: ShipTo.objects.filter(review=review), A_CODE, most=None)
"""How many places are in that state of the review."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A delivery address as it was entered; `buyer_code` is what the dealer's own papers call it."""

    name: str
    street: str
    city: str
    region: str
    postcode: str
    country: str
    buyer_code: str = ""

    @property
    def address(self) -> tuple[str, ...]:
        """What decides where a truck goes."""
        return (self.street, self.city, self.region, self.postcode, self.country)


@transaction.atomic
def add_place(*, by: User, account: Account, place: Place) -> ShipTo:
    """A new ship-to under the next free code of the account; it waits for us where the account's policy says so.

    Raises NotAllowed, or Conflict for a code of the dealer that another place has.
    """
    company = locked_company(account.pk, by=by, act=Act.MANAGE_SHIP_TOS)
    row = ShipTo(account=company, code=_next_code(company))
    return _stored(row, place, new_address=True)


@transaction.atomic
def change_place(*, by: User, account: Account, ship_to_id: UUID, place: Place) -> ShipTo:
    """The ship-to as entered; another address waits for us where the account's policy says so, another name does not.

    Raises NotAllowed, NotFound for a place of another account, Conflict for a code that another place has.
    """
    row = _place_in(locked_company(account.pk, by=by, act=Act.MANAGE_SHIP_TOS), ship_to_id)
    return _stored(row, place, new_address=place.address != _place_of(row).address)


@transaction.atomic
def use_place(*, by: User, account: Account, ship_to_id: UUID, active: bool) -> ShipTo:
    """The ship-to can be chosen for orders, or cannot any more. Raises NotAllowed, NotFound, or Conflict for one that
    we have not approved.
    """
    row = _place_in(locked_company(account.pk, by=by, act=Act.MANAGE_SHIP_TOS), ship_to_id)
    if active and row.review != PlaceReview.APPROVED:
        raise Conflict(_("We have not approved this address yet. Nothing was changed."))
    row.active = active
    row.save()
    return row


@transaction.atomic
def review_place(*, by: User, ship_to_id: UUID, approve: bool, note: str = "") -> ShipTo:
    """The ship-to is in use, or refused with a note that the dealer reads. Raises NotAllowed for others than our staff,
    NotFound for one that is not there, Conflict for one that waits for nobody.
    """
    if not by.is_staff:
        raise NotAllowed("Only our own people review addresses. Nothing was changed.")
    row = (
        ShipTo.objects.select_for_update(of=("self",), no_key=True)
        .select_related("account")
        .filter(pk=ship_to_id)
        .first()
    )
    if row is None:
        raise NotFound("This address is not there any more. Nothing was changed.")
    if row.review != PlaceReview.PENDING:
        raise Conflict("Somebody else has answered this address already. Nothing was changed.")
    row.review = PlaceReview.APPROVED if approve else PlaceReview.REFUSED
    row.active, row.review_note = approve, note.strip()[:200]
    row.save()
    return row


def places_to_review() -> QuerySet[ShipTo]:
    """What dealers entered and we have not answered, the oldest first."""
    return ShipTo.objects.filter(review=PlaceReview.PENDING).select_related("account").order_by("updated_at")


def _place_of(row: ShipTo) -> Place:
    return Place(
        name=row.name, street=row.street, city=row.city, region=row.region, postcode=row.postcode, country=row.country,
        buyer_code=row.buyer_code,
    )  # fmt: skip


def _place_in(account: Account, ship_to_id: UUID) -> ShipTo:
    row = ShipTo.objects.filter(account=account, pk=ship_to_id).first()
    if row is None:
        raise NotFound(_("This address is not one of your company. Nothing was changed."))
    return row


def _stored(row: ShipTo, place: Place, *, new_address: bool) -> ShipTo:
    twins = ShipTo.objects.filter(account=row.account, buyer_code=place.buyer_code).exclude(pk=row.pk)
    if place.buyer_code and twins.exists():
        raise Conflict(_("Another address has the code %(code)s. Nothing was changed.") % {"code": place.buyer_code})
    row.name, row.street, row.city, row.region = place.name, place.street, place.city, place.region
    row.postcode, row.country, row.buyer_code = place.postcode, place.country, place.buyer_code
    if new_address and row.account.ship_to_review:
        row.review, row.active, row.review_note = PlaceReview.PENDING, False, ""
    row.save()
    return row


def _next_code(account: Account) -> str:
    taken = set(ShipTo.objects.filter(account=account).values_list("code", flat=True))
    number = len(taken) + 1
    while f"{account.code}-{number:02}" in taken:
        number += 1
    return f"{account.code}-{number:02}"
