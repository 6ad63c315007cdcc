"""A person corrects a held order: try it dry, then resubmit it under the same order. Every version is kept."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import translation

from distportal.accounts.speaking import ENGLISH
from distportal.canonical.base import from_json, plain
from distportal.canonical.orders import Order as AskedOrder
from distportal.observability.correlation import correlated
from orders.choices import OrderStatus
from orders.errors import NothingToCorrect
from orders.models import Order, OrderVersion
from orders.process.choices_made import FieldChange, note_choices
from orders.process.evaluation import Evaluation, evaluate_order
from orders.process.locks import locked_order
from orders.process.orchestration import decide_order

# What may be corrected; everything else is the buyer's word.
LINE_FIELDS = ("sku", "quantity", "unit", "unit_price")
HEADER_FIELDS = ("ship_to", "requested_on", "cancel_after")
MOST = Decimal(10) ** 9
"""No quantity or price is as much; more would not fit where lines are kept."""


def preview_correction(*, order_id: UUID, changes: Mapping[str, str]) -> tuple[Evaluation, list[FieldChange]]:
    """What the rules would say to the corrected order, and the field changes; nothing is written."""
    order = Order.objects.select_related("account").get(pk=order_id)
    asked, diff = corrected(order.canonical, changes)
    evaluation = evaluate_order(order=from_json(AskedOrder, asked), account=order.account, exclude_order=order)
    return evaluation, diff


@transaction.atomic
def correct_order(*, order_id: UUID, version: int, changes: Mapping[str, str], reason: str, actor: str) -> Evaluation:
    """The corrected order, decided again. Raises StaleVersion, or NothingToCorrect for an order that is not held."""
    order = locked_order(order_id, version=version)
    if order.status != OrderStatus.HELD:
        raise NothingToCorrect(f"{order} is {order.get_status_display().lower()}; only a held order can be corrected")
    asked, diff = corrected(order.canonical, changes)
    write_correction(order, asked, diff, reason=reason, actor=actor)
    with correlated(order.correlation_id), translation.override(ENGLISH):  # what is stored is English
        return decide_order(order_id=order.pk)


def write_correction(
    order: Order, asked: dict[str, Any], diff: Sequence[FieldChange], *, reason: str, actor: str
) -> None:
    """The order's next version, which the caller has locked and decides anew, and what was chosen for what."""
    note_choices(order, from_json(AskedOrder, order.canonical), diff, actor=actor)
    after = from_json(AskedOrder, asked)
    order.canonical, order.version = asked, order.version + 1
    order.requested_on, order.cancel_after = after.requested_on, after.cancel_after
    order.save(update_fields=["canonical", "version", "requested_on", "cancel_after", "updated_at"])
    OrderVersion.objects.create(
        order=order,
        version=order.version,
        canonical=asked,
        changes=[{"field": c.field, "old": c.old, "new": c.new} for c in diff],
        actor=actor,
        reason=reason.strip()[:300] or ("no reason given" if diff else "resubmitted as it was"),
    )


def corrected(canonical: Mapping[str, Any], changes: Mapping[str, str]) -> tuple[dict[str, Any], list[FieldChange]]:
    """The canonical order with `line.<line_no>.<field>` and header changes applied, and what differs.

    Raises NothingToCorrect for a field that may not be corrected or a value that is no number or date.
    """
    asked, diff = copy.deepcopy(dict(canonical)), []
    for name, raw in changes.items():
        old, new = _apply(asked, name, raw.strip())
        if old != new:
            diff.append(FieldChange(field=name, old=old, new=new))
    return asked, diff


def field_problems(canonical: Mapping[str, Any], changes: Mapping[str, str]) -> dict[str, str]:
    """Why a value cannot be, by field; nothing for those that can."""
    problems = {}
    for name, value in changes.items():
        try:
            corrected(canonical, {name: value})
        except NothingToCorrect as error:
            problems[name] = error.message
    return problems


def _apply(asked: dict[str, Any], name: str, value: str) -> tuple[str, str]:
    """The field's value before and after, both as they are kept."""
    parts = name.split(".")
    if parts[0] == "line" and len(parts) == 3 and parts[2] in LINE_FIELDS:
        line = next((ln for ln in asked["lines"] if ln["line_no"] == parts[1]), None)
        if line is None:
            raise NothingToCorrect(f"the order has no line {parts[1]}")
        return _apply_line(line, parts[2], value)
    if name == "ship_to":
        old = str(asked["ship_to"]["code"])
        asked["ship_to"]["code"] = value
        return old, value
    if name in HEADER_FIELDS:
        old = str(asked.get(name) or "")
        asked[name] = _day(value) if value else None
        return old, asked[name] or ""
    raise NothingToCorrect(f"{name} is not a field that can be corrected")


def _apply_line(line: dict[str, Any], field: str, value: str) -> tuple[str, str]:
    if field == "sku":
        old = next((i["value"] for i in line["items"] if i["qualifier"] == "sku"), "")
        others = [i for i in line["items"] if i["qualifier"] != "sku"]
        line["items"] = ([{"qualifier": "sku", "value": value}] if value else []) + others
        return str(old), value
    if field == "unit":
        if not 0 < len(value) <= 2:
            raise NothingToCorrect(f"{value!r} is not a unit, such as EA or CS")
        old, line["unit"] = line["unit"], value.upper()
        return str(old), line["unit"]
    old = line[field] or ""
    line[field] = _number(field, value)
    return str(old), line[field] or ""


def _day(value: str) -> str:
    try:
        return dt.date.fromisoformat(value).isoformat()
    except ValueError as error:
        raise NothingToCorrect(f"{value!r} is not a date, such as 2027-01-31") from error


def _number(field: str, value: str) -> str | None:
    if not value and field == "unit_price":
        return None
    try:
        number = Decimal(value)
    except InvalidOperation as error:
        raise NothingToCorrect(f"{value!r} is not a number") from error
    if not number.is_finite() or not 0 <= number < MOST:
        raise NothingToCorrect(f"{value!r} cannot be a {field.replace('_', ' ')}")
    return plain(number)
