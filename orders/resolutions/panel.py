"""What an agent sees of a held order: each line as asked, as we know it, and what the rules say, before and after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest

from distportal.accounts.models import ShipTo
from distportal.common.errors import DomainError
from orders.choices import OrderStatus
from orders.models import Order
from orders.process.corrections import HEADER_FIELDS, LINE_FIELDS, FieldChange, preview_correction
from orders.process.evaluation import Evaluation

if TYPE_CHECKING:
    from exceptions.models import Case

PREFIX = "fix."
LABELS = {"sku": "Our item", "quantity": "Quantity", "unit": "Unit", "unit_price": "Price"}


def field_changes(form: Mapping[str, Any]) -> dict[str, str]:
    """The correction fields of a submitted form: `line.<no>.<field>` and header names, prefixed `fix.`."""
    return {name.removeprefix(PREFIX): str(value) for name, value in form.items() if name.startswith(PREFIX)}


def correction_panel(case: Case, request: HttpRequest) -> dict[str, Any]:
    """The held order line by line, with the dry run where one was asked for; a settled order is only shown."""
    order = Order.objects.select_related("account", "ship_to").get(pk=case.subject_id)
    dry = request.GET.get("dry_run") == "1" and order.status == OrderStatus.HELD
    typed = field_changes(request.GET) if dry else {}
    now, _ = preview_correction(order_id=order.pk, changes={})
    after, diff, problem = _dry_run(order.pk, typed) if dry else (None, [], "")
    return {
        "order": order,
        "editable": order.status == OrderStatus.HELD and case.is_open,
        "rows": [_row(line, now, typed) for line in order.canonical["lines"]],
        "header": {name: typed.get(name, _header_value(order.canonical, name)) for name in HEADER_FIELDS},
        "places": ShipTo.objects.filter(account=order.account, active=True),
        "remarks": [v for v in now.verdicts if not v.finding.line_no and v.action != "accept"],
        "versions": order.versions.all(),
        "typed": typed,
        "after": after,
        "left": [v for v in after.verdicts if v.action != "accept"] if after else [],
        "diff": diff,
        "problem": problem,
    }


def _dry_run(order_id: UUID, typed: dict[str, str]) -> tuple[Evaluation | None, list[FieldChange], str]:
    try:
        after, diff = preview_correction(order_id=order_id, changes=typed)
    except DomainError as error:
        return None, [], error.message
    return after, diff, ""


def _row(line: dict[str, Any], now: Evaluation, typed: Mapping[str, str]) -> dict[str, Any]:
    no = line["line_no"]
    fact = next(f for f in now.facts.lines if f.line.line_no == no)
    asked = {**line, "sku": next((i["value"] for i in line["items"] if i["qualifier"] == "sku"), "")}
    fields = [
        {"name": f"{PREFIX}line.{no}.{field}", "label": LABELS[field], "kind": field,
         "value": typed.get(f"line.{no}.{field}", asked[field] or "")}
        for field in LINE_FIELDS
    ]  # fmt: skip
    return {
        "no": no,
        "fact": fact,
        "names": [f"{i['qualifier']} {i['value']}" for i in line["items"]],
        "fields": fields,
        "verdicts": [v for v in now.verdicts if v.finding.line_no == no],
    }


def _header_value(canonical: Mapping[str, Any], name: str) -> str:
    return str(canonical["ship_to"]["code"] if name == "ship_to" else canonical.get(name) or "")
