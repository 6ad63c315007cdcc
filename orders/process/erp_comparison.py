"""What the ERP holds of an order against what it was asked for: lines, prices and the total."""

from __future__ import annotations

from decimal import Decimal

from distportal.common.money import show_money
from distportal.systems.erp.port import OrderDraft, OrderState

CENT = Decimal("0.01")


def content_difference(draft: OrderDraft, state: OrderState) -> str:
    """The first difference as a sentence, empty when there is none.

    A confirmed quantity may be less than ordered: that is the ERP's answer and no difference. Its total is that of
    everything ordered, or of what it confirmed (files tell no other), and may be off by a cent a line for rounding.
    """
    asked = {line.line_key: line for line in draft.lines}
    for line in state.lines:
        ours = asked.get(line.line_key)
        if ours is None:
            return f"{state.number} holds a line {line.line_key} that we did not order"
        if ours.unit_price is not None and abs(ours.unit_price - line.unit_price) > CENT:
            return (
                f"{state.number} line {line.line_key}: agreed were {show_money(ours.unit_price, draft.currency)}, "
                f"the ERP holds {show_money(line.unit_price, draft.currency)}"
            )
    missing = sorted(set(asked) - {line.line_key for line in state.lines})
    if missing:
        return f"{state.number} lacks line {', '.join(missing)}"
    return _total_difference(draft, state)


def _total_difference(draft: OrderDraft, state: OrderState) -> str:
    if any(line.unit_price is None for line in draft.lines):
        return ""
    agreed = sum((line.quantity * (line.unit_price or 0) for line in draft.lines), Decimal(0))
    asked = {line.line_key: line.quantity for line in draft.lines}
    confirmed = sum((min(i.quantity, asked[i.line_key]) * i.unit_price for i in state.lines), Decimal(0))
    if min(abs(agreed - state.total), abs(confirmed - state.total)) <= CENT * max(len(draft.lines), 1):
        return ""
    return (
        f"{state.number}: agreed were {show_money(agreed, draft.currency)} in all, "
        f"the ERP holds {show_money(state.total, draft.currency)}"
    )
