"""Which billed line each line of a return request means, and how much of it can come back."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext as _

from distportal.accounts.models import Account
from distportal.canonical.base import to_json
from distportal.canonical.returns import Return as ReturnFact
from distportal.canonical.returns import ReturnLine as LineFact
from distportal.common.units import Pack
from inventory.queries.items import items_named
from inventory.queries.packs import unit_name
from orders.models import InvoiceLine, ReturnLine
from orders.queries.numbers import normalise_po
from orders.queries.returns import first_returnable_day, is_of_invoice, lines_for_items, returnable

NO_RECORD, TOO_MUCH, TOO_LATE = "NR", "QD", "RT"
"""X12 element 1294: no record of the item, quantity disagrees, time limit exceeded."""


def match_lines(account: Account, request: ReturnFact) -> list[ReturnLine]:
    """Unsaved lines in order, each with what is allowed of it and the problem where that is less than was asked. Final
    only under the account's lock.
    """
    items = items_named(account_id=account.pk, names=[line.items for line in request.lines])
    billed = lines_for_items(account=account, item_ids={item.pk for item in items if item})
    room = returnable(billed)
    first = first_returnable_day(account)
    found = []
    for position, (fact, item) in enumerate(zip(request.lines, items, strict=True), 1):
        row = ReturnLine(
            position=position,
            line_no=fact.line_no[:20],
            item=item,
            asked_items=to_json(fact.items),
            quantity=fact.quantity,
            unit=fact.unit[:2],
            reason=fact.reason[:2],
            wish=fact.wish,
        )
        rows = [line for line in billed if item and line.item_id == item.pk and _fits(line, fact)]
        _allow(row, rows, room, first)
        found.append(row)
    return found


def _fits(line: InvoiceLine, fact: LineFact) -> bool:
    if fact.invoice_number and not is_of_invoice(line, fact.invoice_number):
        return False
    if fact.order_line_no and (line.order_line is None or line.order_line.line_no != fact.order_line_no):
        return False
    if not fact.po_number or fact.invoice_number:
        return True
    return line.invoice.order is not None and line.invoice.order.po_norm == normalise_po(fact.po_number)


def _allow(row: ReturnLine, rows: list[InvoiceLine], room: dict[int, Decimal], first: dt.date | None) -> None:
    """The newest line that can take all, else the one that can take most."""
    rows = [line for line in rows if line.unit == row.unit] or rows
    line = next((one for one in rows if room[one.pk] >= row.quantity), None)
    line = line or max(rows, key=lambda one: room[one.pk], default=None)
    if line is None:
        row.problem, row.answer = _("This account was never billed for such an item there."), NO_RECORD
        return
    row.invoice_line, row.unit_price = line, line.unit_price
    if first and line.invoice.issued_on < first:
        row.problem = _("Invoice %(number)s is of %(issued_on)s; returns end before %(first)s.") % {
            "number": line.invoice.number,
            "issued_on": line.invoice.issued_on,
            "first": first,
        }
        row.answer = TOO_LATE
        return
    if line.unit != row.unit:
        row.problem = _("It was billed by the %(billed)s, not by the %(asked)s.") % {
            "billed": unit_name(Pack(line.unit, Decimal(1))),
            "asked": unit_name(Pack(row.unit, Decimal(1))),
        }
        row.answer = TOO_MUCH
        return
    row.allowed = min(row.quantity, room[line.pk])
    room[line.pk] -= row.allowed
    if row.allowed < row.quantity:
        row.problem = _("At most %(allowed)s of it can come back on invoice %(number)s.") % {
            "allowed": f"{row.allowed.normalize():f}",
            "number": line.invoice.number,
        }
        row.answer = TOO_MUCH
