"""Write down the version of an order that a change made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from distportal.canonical.base import from_json, to_json
from distportal.canonical.orders import Order as AskedOrder
from distportal.canonical.orders import OrderLine as AskedLine
from orders.models import ChangeRequest, Order, OrderVersion

_LINE_FIELDS = ("quantity", "unit", "unit_price", "requested_on")
_HEADER_FIELDS = ("requested_on", "ship_not_before", "ship_not_later", "cancel_after")


@dataclass(frozen=True, slots=True)
class _Difference:
    field: str
    old: str
    new: str


def write_version(order: Order, change: ChangeRequest, target: dict[str, Any]) -> int:
    """The number of the new version, with what differs from the one before; the order's dates follow it."""
    before, after = from_json(AskedOrder, order.canonical), from_json(AskedOrder, target)
    order.canonical, order.version = target, order.version + 1
    order.requested_on, order.cancel_after = after.requested_on, after.cancel_after
    order.save(update_fields=["canonical", "version", "requested_on", "cancel_after", "updated_at"])
    differences = _differences(before, after)
    OrderVersion.objects.create(
        order=order,
        version=order.version,
        canonical=target,
        changes=[{"field": d.field, "old": d.old, "new": d.new} for d in differences],
        actor=change.asked_name,
        reason=f"{change} by {change.channel}"[:300],
    )
    return order.version


def _differences(before: AskedOrder, after: AskedOrder) -> list[_Difference]:
    found = [
        _Difference(name, _text(getattr(before, name)), _text(getattr(after, name)))
        for name in _HEADER_FIELDS
        if getattr(before, name) != getattr(after, name)
    ]
    old, new = {ln.line_no: ln for ln in before.lines}, {ln.line_no: ln for ln in after.lines}
    for no in [*old, *(no for no in new if no not in old)]:
        found += _line_differences(no, old.get(no), new.get(no))
    return found


def _line_differences(no: str, old: AskedLine | None, new: AskedLine | None) -> list[_Difference]:
    if old is None or new is None:
        return [_Difference(f"line.{no}", _whole(old), _whole(new))]
    found = [
        _Difference(f"line.{no}.{name}", _text(getattr(old, name)), _text(getattr(new, name)))
        for name in _LINE_FIELDS
        if getattr(old, name) != getattr(new, name)
    ]
    if old.items != new.items:
        found.append(_Difference(f"line.{no}.item", _named(old), _named(new)))
    return found


def _whole(line: AskedLine | None) -> str:
    return f"{_text(line.quantity)} {line.unit} of {_named(line)}" if line else ""


def _named(line: AskedLine) -> str:
    return ", ".join(item.value for item in line.items)


def _text(value: object) -> str:
    shown = to_json(value)
    return "" if shown is None else str(shown)
