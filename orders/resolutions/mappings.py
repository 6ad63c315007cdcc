"""What orders know of codes: units, accounts, ship-tos, who has words of his own, and what waits for a code."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse

from distportal.systems.mapping.choices import Kind
from distportal.systems.mapping.registry import OurCodes, Waiter, register_codes, register_scopes, register_waiter
from orders.process.going_on import correct_with_code, send_with_code
from orders.process.missing_codes import COMMAND, ORDER
from orders.process.set_aside import FILE, read_with_code
from orders.queries.codes import (
    account_scopes,
    erp_scopes,
    known_accounts,
    known_places,
    known_units,
    likely_accounts,
    likely_places,
    likely_units,
)
from orders.queries.commands import order_behind


def _address(subject_id: str) -> str:
    number = order_behind(UUID(subject_id))
    return reverse("orders:detail", args=[number]) if number else ""


register_scopes("erp", erp_scopes)
register_scopes("account", account_scopes)
register_codes(Kind.UNIT, OurCodes(known=known_units, suggest=likely_units))
register_codes(Kind.CUSTOMER, OurCodes(known=known_accounts, suggest=likely_accounts))
register_codes(Kind.SHIP_TO, OurCodes(known=known_places, suggest=likely_places))
register_waiter(ORDER, Waiter(resume=correct_with_code, address=_address))
register_waiter(COMMAND, Waiter(resume=send_with_code, address=_address))
register_waiter(FILE, Waiter(resume=read_with_code, address=lambda _: reverse("connections")))
