"""A dealer's own wish for an order, as the one way in for changes takes it: less of a line, none of it, another day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from distportal.accounts.models import User
from distportal.accounts.permissions import Act
from distportal.accounts.standing import require_act
from distportal.canonical.base import plain
from distportal.canonical.orders import OrderChange, OrderLineChange
from distportal.common.site_day import site_day
from distportal.events.clock import database_now
from orders.errors import ChangeNotPossible
from orders.models import Order, OrderLine
from orders.process.changes.requests import ChangePlacement, request_change
from orders.queries.change_window import change_window


def ask_for_change(
    *,
    order: Order,
    token: UUID,
    quantities: Mapping[str, Decimal],
    requested_on: dt.date | None = None,
    note: str = "",
    user: User,
) -> ChangePlacement:
    """The change that this asks for, by line number the quantity that is wanted after it, 0 for none; the same token
    again gives the same change. Raises ChangeNotPossible with the reason where the window is closed, where a quantity
    goes up or below what has left, or where nothing would change.
    """
    asked = wanted_change(order, quantities, requested_on)
    return _ask(order, token, user, note, **asked)


def ask_for_cancellation(*, order: Order, token: UUID, note: str = "", user: User) -> ChangePlacement:
    """The cancellation of all that has not left; the same token again gives the same one. Raises ChangeNotPossible."""
    line_changes(order, {})
    return _ask(order, token, user, note, purpose="cancellation")


def wanted_change(
    order: Order, quantities: Mapping[str, Decimal], requested_on: dt.date | None
) -> dict[str, tuple[OrderLineChange, ...] | dt.date | None]:
    """What of the canonical change says so, whoever asks. Raises ChangeNotPossible as `ask_for_change`."""
    lines = line_changes(order, quantities)
    moved = requested_on if requested_on != order.requested_on else None
    if moved is not None and moved < site_day(database_now()):
        raise ChangeNotPossible(_("the day you ask for has passed; nothing was changed"))
    if not lines and moved is None:
        raise ChangeNotPossible(_("nothing would change; nothing was sent"))
    return {"lines": lines, "requested_on": moved}


def line_changes(order: Order, quantities: Mapping[str, Decimal]) -> tuple[OrderLineChange, ...]:
    """By line number the quantities as changes. Raises ChangeNotPossible with the reason where a line cannot."""
    window = change_window(order, list(order.lines.all()))
    if not window.open:
        raise ChangeNotPossible(_("%(sentence)s Nothing was changed.") % {"sentence": window.sentence})
    rows = {row.line.line_no: row for row in window.lines}
    found = []
    for no, quantity in quantities.items():
        row = rows.get(no)
        if row is None:
            raise ChangeNotPossible(_("the order has no line %(no)s; nothing was changed") % {"no": no})
        if quantity == row.line.quantity:
            continue
        if row.why_not:
            raise ChangeNotPossible(
                _("line %(no)s: %(why_not)s; nothing was changed") % {"no": no, "why_not": row.why_not}
            )
        found.append(_less(row.line, row.least, quantity))
    return tuple(found)


def _less(line: OrderLine, least: Decimal, quantity: Decimal) -> OrderLineChange:
    if quantity > line.quantity:
        raise ChangeNotPossible(
            _(
                "line %(line_no)s: %(quantity)s %(unit)s are ordered; to order more, place another "
                "order. Nothing was changed"
            )
            % {"line_no": line.line_no, "quantity": plain(line.quantity), "unit": line.unit}
        )
    if not quantity:
        return OrderLineChange(kind="delete", line_no=line.line_no, code="DI")
    if quantity < least:
        raise ChangeNotPossible(
            _(
                "line %(line_no)s: %(least)s %(unit)s have left already, it cannot become "
                "%(quantity)s; nothing was changed"
            )
            % {"line_no": line.line_no, "least": plain(least), "unit": line.unit, "quantity": plain(quantity)}
        )
    return OrderLineChange(kind="change", line_no=line.line_no, quantity=quantity, code="QD")


def _ask(order: Order, token: UUID, user: User, note: str, **asked: object) -> ChangePlacement:
    require_act(user=user, account_id=order.account_id, act=Act.CHANGE_ORDERS)
    wanted = OrderChange(
        channel="portal",
        account=order.account.code,
        po_number=order.po_number,
        sequence="",
        changed_on=site_day(database_now()),
        notes=(note.strip(),) if note.strip() else (),
        **asked,  # type: ignore[arg-type]
    )
    return request_change(order_id=order.pk, change=wanted, source_key=f"portal:{token}", asked_name=user.name)
