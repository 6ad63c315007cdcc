"""A change or a cancellation that another system asks for, on the version of the order that it read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import cast
from uuid import UUID

from django.db import transaction

from distportal.canonical.orders import Channel, OrderChange
from distportal.common.errors import Changed
from distportal.common.site_day import site_day
from distportal.events.clock import database_now
from orders.models import ChangeRequest, Order
from orders.process.changes.asking import line_changes, wanted_change
from orders.process.changes.requests import ChangePlacement, request_change
from orders.process.locks import locked_commands_of, locked_order
from orders.queries.stamps import order_stamp


@transaction.atomic
def ask_by_key(
    *,
    order_id: UUID,
    stamps: Collection[str] | None,
    quantities: Mapping[str, Decimal] | None,
    requested_on: dt.date | None = None,
    note: str = "",
    source_key: str,
    channel: str,
    asked_name: str,
) -> ChangePlacement:
    """The change, by line number the quantity that is wanted after it; the cancellation of all that has not left where
    `quantities` is None. The same `source_key` gives the change that is there, whatever the order is by now.

    Raises Changed where the order is none of `stamps` any more (None: whichever it is), and ChangeNotPossible as on the
    portal. Locks as deciding a change does: the order's commands, then the order, so that of two on the same version
    one is refused.
    """
    locked_commands_of(order_id)
    locked_order(order_id)
    order = Order.objects.select_related("account").get(pk=order_id)
    known = ChangeRequest.objects.filter(source_key=source_key, order=order).first()
    if known is not None:
        return ChangePlacement(change=known, outcome="repeated")
    if stamps is not None and order_stamp(order) not in stamps:
        raise Changed("The order changed since you read it; nothing was changed now. Read it again.", order=str(order))
    return request_change(
        order_id=order.pk,
        change=_change(order, quantities, requested_on, note, channel),
        source_key=source_key,
        asked_name=asked_name,
    )


def _change(
    order: Order, quantities: Mapping[str, Decimal] | None, requested_on: dt.date | None, note: str, channel: str
) -> OrderChange:
    asked: dict[str, object] = {"purpose": "cancellation"}
    if quantities is None:
        line_changes(order, {})
    else:
        asked = dict(wanted_change(order, quantities, requested_on or order.requested_on))
    return OrderChange(
        channel=cast(Channel, channel),
        account=order.account.code,
        po_number=order.po_number,
        sequence="",
        changed_on=site_day(database_now()),
        notes=(note.strip(),) if note.strip() else (),
        **asked,  # type: ignore[arg-type]
    )
