"""Work that waited for a code goes on, now that it is mapped."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.db import transaction

from distportal.canonical.base import from_json
from distportal.canonical.orders import Order as AskedOrder
from distportal.events.jobs import enqueue_job
from distportal.systems.mapping.choices import Kind
from distportal.systems.mapping.models import MissingCode, Waiting
from orders.choices import CommandState, OrderStatus
from orders.models import ErpCommand, Order
from orders.process.commands import SEND_JOB
from orders.process.confirmation import retry_command
from orders.process.corrections import correct_order
from orders.queries.choices_made import asked_name


def correct_with_code(waiting: Waiting, missing: MissingCode) -> bool:
    """The held order is corrected with what its code means, and decided again; the wait is over. Raises StaleVersion
    where a person corrected it at this moment.
    """
    order = Order.objects.filter(pk=UUID(waiting.subject_id), status=OrderStatus.HELD).first()
    changes = dict(_changes(from_json(AskedOrder, order.canonical), missing)) if order else {}
    if order is None or not changes:
        return True
    kind = missing.get_kind_display().lower()
    correct_order(
        order_id=order.pk,
        version=order.version,
        changes=changes,
        reason=f"{kind} {missing.code} is mapped to {missing.answer}",
        actor=missing.settled_by or "mapping tables",
    )
    return True


@transaction.atomic
def send_with_code(waiting: Waiting, missing: MissingCode) -> bool:
    """The refused command will be sent again under its key; its case closes with the ERP's answer."""
    refused = ErpCommand.objects.filter(pk=UUID(waiting.subject_id), state=CommandState.REJECTED).first()
    if refused is None or refused.error_code == "withdrawn":
        return True
    command = retry_command(command_id=refused.pk)
    enqueue_job(SEND_JOB, key=str(command.pk), payload={"command": str(command.pk)})
    return True


def _changes(asked: AskedOrder, missing: MissingCode) -> Iterator[tuple[str, str]]:
    if missing.kind == Kind.SHIP_TO and asked.ship_to.code.strip() == missing.code:
        yield "ship_to", missing.answer
    for line in asked.lines:
        if missing.kind == Kind.UNIT and line.unit == missing.code:
            yield f"line.{line.line_no}.unit", missing.answer
        if missing.kind == Kind.ITEM and asked_name(line) == missing.code:
            yield f"line.{line.line_no}.sku", missing.answer
