"""A dealer asks for a return on the portal: billed lines, quantities, reasons and pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, cast
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from distportal.accounts.models import Account, User
from distportal.canonical.orders import Channel
from distportal.canonical.parts import ItemId
from distportal.canonical.returns import Return as ReturnFact
from distportal.canonical.returns import ReturnLine as LineFact
from distportal.common.images import clean_image
from orders.choices import ReturnReason, ReturnWish
from orders.errors import ReturnRefused
from orders.models import InvoiceLine, Return, ReturnPhoto
from orders.process.proofs import kept_image
from orders.process.returns import request_return

MOST_PHOTOS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One billed line with what shall come back of it, in its unit."""

    line: InvoiceLine
    quantity: Decimal
    reason: ReturnReason
    wish: ReturnWish = ReturnWish.CREDIT


@transaction.atomic
def ask_for_return(
    *, account: Account, user: User | None, token: UUID, wanted: Sequence[Wanted], reference: str, note: str,
    photos: Sequence[bytes] = (), channel: str = "portal", requested_name: str = "",
) -> Return:  # fmt: skip
    """The return with its pictures, all or nothing; the same token gives the one that is there. `requested_name` says
    who asks, where no person does.

    Raises UnusableImage for a picture that cannot be kept, ReturnRefused for defective or damaged goods without one and
    as `request_return`.
    """
    if len(photos) > MOST_PHOTOS:
        raise ReturnRefused(_("At most %(most)s pictures; nothing was asked for") % {"most": MOST_PHOTOS})
    clean = [clean_image(photo) for photo in photos]
    if not clean and any(one.reason in ReturnReason.PICTURED for one in wanted):
        raise ReturnRefused(_("Damaged or defective goods need a picture; nothing was asked for"))
    fact = ReturnFact(
        channel=cast(Channel, channel),
        account=account.code,
        requested_on=timezone.localdate(),
        reference=reference.strip(),
        notes=(note.strip(),) if note.strip() else (),
        lines=tuple(_fact(one) for one in wanted),
    )
    name = user.name if user else requested_name
    row = request_return(request=fact, source_key=f"{channel}:{token}", user=user, requested_name=name)
    for image in clean:
        ReturnPhoto.objects.get_or_create(request=row, image=kept_image(image))
    return row


def _fact(wanted: Wanted) -> LineFact:
    line = wanted.line
    wish: Literal["credit", "replace", "repair"] = wanted.wish.value  # type: ignore[assignment]
    return LineFact(
        invoice_number=line.invoice.number,
        order_line_no=line.order_line.line_no if line.order_line else "",
        items=(ItemId(qualifier="sku", value=line.item.sku if line.item else ""),),
        quantity=wanted.quantity,
        unit=line.unit,
        reason=wanted.reason.value,
        wish=wish,
    )
