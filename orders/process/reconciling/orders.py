"""Orders: each of ours is in the ERP once with what was agreed, and each of the ERP's that names us is ours."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from django.db import transaction

from distportal.canonical.base import from_json
from distportal.events.clock import database_now
from distportal.systems.erp.port import OrderState
from distportal.systems.ownership import DEFAULT
from inventory.process.feeds import connected
from inventory.process.reconciling import Tally, reconciliation, report_drift, settle_drift
from orders.choices import CommandState, OrderStatus
from orders.models import ErpCommand, Order
from orders.process.erp_comparison import content_difference
from orders.process.reconciling.feeds import changed_since
from orders.queries.commands import draft_in_force

FIRST_LOOK = dt.timedelta(days=30)
"""The first comparison asks for the commands of this long; later ones for those since the one before."""
MARGIN = dt.timedelta(hours=1)
CODES = ("order_missing", "order_twice", "order_unknown", "order_cancelled", "order_differs")


def reconcile_orders(*, of: str = DEFAULT) -> None:
    """One case per difference with the connection, and those that are gone end by themselves.

    No transaction is open during a call. Raises RetryLater while the ERP does not answer.
    """
    port = connected(of)
    if port is None:
        return
    with reconciliation("order", of=of) as tally:
        states: dict[str, list[OrderState]] = defaultdict(list)
        for change in changed_since(port, "order", tally):
            state = from_json(OrderState, dict(change.payload))
            states[state.order_key].append(state)
        for key in sorted(states):
            tally.checked += 1
            # a feed shows what changed; whether there is another order of the same key only the look-up tells
            _compare(tally, of, key, states[key] if len(states[key]) > 1 else list(port.find_order(key)))
        for command in _confirmed_unseen(set(states), of):
            tally.checked += 1
            _compare(tally, of, command.order_key, list(port.find_order(command.order_key)))


def _confirmed_unseen(seen: set[str], of: str) -> list[ErpCommand]:
    """Commands that were confirmed lately and that the feed did not show."""
    since = database_now() - FIRST_LOOK
    rows = ErpCommand.objects.filter(
        erp=of, state=CommandState.CONFIRMED, change=None, settled_at__gte=since, settled_at__lt=database_now() - MARGIN
    )
    return [row for row in rows.order_by("settled_at").iterator() if row.order_key not in seen]


@transaction.atomic
def _compare(tally: Tally, of: str, key: str, states: Sequence[OrderState]) -> None:
    commands = ErpCommand.objects.select_related(
        "order__account", "dispute__account", "return_credit__request__account"
    )
    command = commands.filter(order_key=key, erp=of).first()
    live = [state for state in states if state.stage not in ("cancelled", "rejected")]
    found = _differences(command, states, live)
    subject = ("command", str(command.pk)) if command else ("erp_order", key if of == DEFAULT else f"{of}/{key}")
    for code in CODES:
        if code not in found:
            settle_drift(code=code, subject_type=subject[0], subject_id=subject[1])
            continue
        about = command.about if command else None
        report_drift(
            tally,
            code=code,
            subject_type=subject[0],
            subject_id=subject[1],
            sentence=found[code],
            account=about.account if about else None,
            key=key,
            numbers=[state.number for state in states],
        )


def _differences(
    command: ErpCommand | None, states: Sequence[OrderState], live: Sequence[OrderState]
) -> dict[str, str]:
    if command is None:
        if not live:
            return {}
        return {"order_unknown": f"The ERP holds {live[0].number} under {live[0].order_key}, which we never sent there"}
    if len(live) > 1:
        numbers = ", ".join(state.number for state in live)
        return {"order_twice": f"The ERP holds {command.order_key} {len(live)} times: {numbers}"}
    if command.state != CommandState.CONFIRMED:
        return {}  # still on its way: sending.py settles it
    if not states:
        return {"order_missing": f"{command.order_key} was confirmed as {command.erp_number}; the ERP has it no more"}
    open_here = command.order is not None and command.order.status in OrderStatus.OPEN
    if not live:
        return (
            {"order_cancelled": f"{states[0].number} ended in the ERP, {command.order} is open here"}
            if (open_here)
            else {}
        )
    if command.order is None or _is_changing(command.order):
        return {}
    held = draft_in_force(command.order.commands.order_by("requested_at", "pk"))
    difference = content_difference(held, live[0])
    return {"order_differs": difference} if difference else {}


def _is_changing(order: Order) -> bool:
    """Whether the ERP may hold a change already that is not written down here yet."""
    return order.commands.filter(change__isnull=False, state__in=CommandState.OPEN).exists()
