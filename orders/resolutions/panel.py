"""What an agent sees of an order that cannot go on: the fields to correct, what the rules say, and the dry run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest

from distportal.accounts.models import ShipTo
from distportal.common.errors import DomainError
from distportal.common.versions import version_of
from exceptions.registry import case_kind
from orders.choices import CommandState, OrderStatus
from orders.models import ErpCommand, Order, OrderVersion
from orders.process.corrections import field_problems, preview_correction
from orders.process.dry_run import DryRun, dry_run
from orders.queries.commands import order_of
from orders.resolutions.editing import field_changes
from orders.resolutions.field_rows import Sheet
from orders.resolutions.rules import rules_panel

if TYPE_CHECKING:
    from exceptions.models import Case


def correction_panel(case: Case, request: HttpRequest) -> dict[str, Any]:
    """The order with its editor, and the dry run where one was asked for; a settled order is only shown.

    In the address: `fix.<field>` are typed values, `take` is a suggestion that was clicked (`<field>=<value>`), `seen`
    the version that somebody filled them in for and `line` one more line to show.
    """
    order = Order.objects.select_related("account", "ship_to").get(pk=order_of(case))
    typed = field_changes(request.GET)
    name, chosen, value = request.GET.get("take", "").partition("=")
    if chosen:
        typed[name] = value
    versions = list(order.versions.all())
    editable = case.is_open and _waits(case, order)
    problems = field_problems(order.canonical, typed) if editable else {}
    now, _ = preview_correction(order_id=order.pk, changes={})
    places = list(ShipTo.objects.filter(account=order.account, active=True)) if editable else []
    sheet = Sheet(
        order=order, now=now, may=case_kind(case.kind).fields if editable else (), typed=typed, problems=problems,
        versions=versions, places=frozenset(code for place in places for code in (place.code, place.buyer_code)),
    )  # fmt: skip
    header, rows = sheet.header(), sheet.lines(request.GET.get("line", ""))
    fields = [*header, *(one for row in rows for one in row.fields)]
    after, trouble = _tried(order, typed) if editable and request.GET.get("dry_run") and not problems else (None, "")
    return {
        "order": order,
        "editable": editable,
        "header": header,
        "rows": rows,
        "lines": len(now.facts.lines),
        "places": places,
        "remarks": [v for v in now.verdicts if not v.finding.line_no and v.action != "accept"],
        "versions": versions,
        "missed": _missed(versions, version_of(request.GET, "seen")),
        "typed": typed,
        "after": after,
        "problems": [one for one in fields if one.problem],
        "misplaced": [text for name, text in problems.items() if name not in {one.name for one in fields}],
        "trouble": trouble,
        **rules_panel(case, order, request.GET.get("rule", "")),
    }


def refused_panel(case: Case, request: HttpRequest) -> dict[str, Any]:
    """As `correction_panel` for an order that the ERP refused; nothing for a command of no order."""
    try:
        return correction_panel(case, request)
    except LookupError:
        return {}


def _waits(case: Case, order: Order) -> bool:
    """Whether the order can be corrected now."""
    if case.subject_type == "order":
        return order.status == OrderStatus.HELD
    refused = ErpCommand.objects.filter(pk=case.subject_id, state=CommandState.REJECTED, kind="order")
    return order.status == OrderStatus.ACCEPTED and refused.exists()


def _tried(order: Order, typed: dict[str, str]) -> tuple[DryRun | None, str]:
    try:
        return dry_run(order_id=order.pk, changes=typed), ""
    except DomainError as error:
        return None, error.message


def _missed(versions: Sequence[OrderVersion], seen: int) -> list[OrderVersion]:
    """What others saved since the person looked."""
    return [one for one in versions if one.version > seen] if seen else []
