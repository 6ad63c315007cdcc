"""The case kinds of held orders, one for each sort of reason, and what an agent can do about them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from distportal.accounts.models import User
from exceptions.registry import CaseAction, CaseKind, register_kind
from orders.models import Order
from orders.process.closing import reject_held_order
from orders.process.corrections import HEADER_FIELDS, LINE_FIELDS
from orders.process.erp_split import split_order
from orders.resolutions.editing import HELD, resubmit
from orders.resolutions.panel import correction_panel
from orders.resolutions.rules import END_RULE, SAVE_RULE

if TYPE_CHECKING:
    from exceptions.models import Case


def reject(case: Case, form: Mapping[str, str], reason: str, user: User) -> str:
    """End the order with a reason."""
    return f"{reject_held_order(order_id=UUID(case.subject_id), reason=reason)} was rejected"


def split(case: Case, form: Mapping[str, str], reason: str, user: User) -> str:
    """One order for each ERP; the case closes with what is left of the order."""
    version = Order.objects.values_list("version", flat=True).get(pk=case.subject_id)
    made = split_order(order_id=UUID(case.subject_id), version=version, reason=reason, actor=user.email)
    return f"Split by ERP: {', '.join(f'{one} is {one.get_status_display().lower()}' for one in made)}"


RESUBMIT = CaseAction(
    name="resubmit", label="Resubmit", style="primary", run=resubmit, needs_reason=False, in_panel=True
)
SPLIT = CaseAction(name="split", label="Split by ERP", style="", run=split, needs_reason=True)
REJECT = CaseAction(name="reject", label="Reject the order", style="bad", run=reject, needs_reason=True)
_ITEM, _AMOUNT, _DATES = ("sku", "unit"), ("quantity", "unit"), ("requested_on", "cancel_after")
_KINDS: tuple[tuple[str, str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("order.held", "Order needs an answer", (*LINE_FIELDS, *HEADER_FIELDS), ("codes",)),
    ("order.ship_to_unknown", "Ship-to is not known", ("ship_to",), ("account", "cause")),
    ("order.po_missing", "PO number is missing", (), ("account",)),
    ("order.item_unknown", "Item is not known", (*_ITEM, "quantity"), ("account", "cause")),
    ("order.item_not_sold", "Item is not sold any more", (*_ITEM, "quantity"), ("cause",)),
    ("order.unit_unknown", "Unit is not one the item is sold in", _AMOUNT, ("account", "cause")),
    ("order.quantity", "Quantity is not one that is sold", _AMOUNT, ("account",)),
    ("order.below_minimum", "Order is below its minimum", ("quantity",), ("account",)),
    ("order.price_differs", "Price differs", ("unit_price", "unit"), ("account", "cause")),
    ("order.dates", "Dates are impossible", _DATES, ("account",)),
    ("order.credit", "Over the credit limit", (), ("account",)),
    ("order.account_hold", "Account is on hold", (), ("account",)),
    ("order.restricted", "May not be sent there", (*_ITEM, "ship_to"), ("cause",)),
    ("order.stock", "Not all of it is there", (*_ITEM, "quantity"), ("cause",)),
    ("order.two_erps", "Lines of two ERPs", ("sku",), ("account",)),
)
"""Kind, title, the fields that settle it, and what makes two of them one cause."""
_MAY_SPLIT = ("order.two_erps", "order.held")
"""Only these hold what two ERPs have: no other case offers to split."""
for _kind, _title, _fields, _cause in _KINDS:
    register_kind(
        CaseKind(
            kind=_kind,
            title=_title,
            queue="orders",
            severity=2,
            ends="the order is accepted, rejected or withdrawn",
            panel="orders/ops/_correction.html",
            panel_context=correction_panel,
            actions=(RESUBMIT, *((SPLIT,) if _kind in _MAY_SPLIT else ()), REJECT, SAVE_RULE, END_RULE),
            fields=_fields,
            cause=_cause,
            editor=HELD,
        )
    )
