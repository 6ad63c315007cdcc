"""Bring one instruction to its warehouse system, exactly once: as orders go to the ERP.

`sending` is committed before the call. A lost answer makes it `unknown`; from there only look-ups are made until the
settle time is over, and only two empty ones permit sending the same sequence again.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.db import transaction

from distportal.canonical.base import from_json, to_json
from distportal.canonical.warehouse import WarehouseOrder
from distportal.events.clock import database_now
from distportal.events.errors import RetryLater
from distportal.observability.correlation import correlated
from distportal.systems.errors import (
    AuthFailed,
    Misconfigured,
    Rejected,
    SystemCallError,
    Transient,
    UnknownOutcome,
)
from distportal.systems.in_time import writes_leave_within
from distportal.systems.logistics import wms
from distportal.systems.wms.port import Instruction, ReleaseState, WmsPort
from exceptions.choices import Resolution
from exceptions.process.cases import open_case, resolve_cases
from orders.choices import TO_SENDING
from orders.choices import ReleaseState as State
from orders.models import WarehouseRelease
from orders.process.case_facts import about
from orders.process.floor import note_stage
from orders.process.locks import locked_order, locked_release
from orders.process.release_claims import (
    LOOK_AGAIN_SECONDS,
    begin_release,
    doubt_release,
    mark_release,
    note_empty_release,
)
from orders.process.releasing import plan_releases

_DONE = (State.CONFIRMED, State.REJECTED, State.WITHDRAWN)


def send_release(*, release_id: UUID) -> None:
    """The instruction is settled, or RetryLater says when to look again. Safe to run any number of times."""
    row = WarehouseRelease.objects.get(pk=release_id)
    if row.state in _DONE:
        return
    earlier = WarehouseRelease.objects.filter(
        order_id=row.order_id, warehouse_id=row.warehouse_id, sequence__lt=row.sequence, state__in=State.OPEN
    )
    if earlier.exists():
        raise RetryLater("an earlier instruction is not settled yet", after=LOOK_AGAIN_SECONDS, counts=False)
    try:
        port = wms(row.connection)
    except Misconfigured as error:
        raise RetryLater(error.message, after=30.0, counts=False) from error
    if row.state in State.UNCERTAIN and _found(row, port):
        return
    _send(row, port)


def _found(row: WarehouseRelease, port: WmsPort) -> bool:
    """Whether the warehouse holds it; False frees it for being sent again. Raises RetryLater until that is sure."""
    doubt_release(row)
    looked_at = database_now()
    try:
        held = port.find_release(row.reference)
    except (Transient, UnknownOutcome) as error:
        raise RetryLater(error.message, after=error.retry_after or LOOK_AGAIN_SECONDS, counts=False) from error
    if len(held) > 1:
        _alarm(row, held)
    taken = [state for state in held if state.sequence >= row.sequence]
    if taken:
        _confirm(row, max(taken, key=lambda state: state.sequence))
        return True
    if not note_empty_release(row.pk, looked_at=looked_at, settle=port.capabilities().settle):
        raise RetryLater("the warehouse does not show it yet", after=LOOK_AGAIN_SECONDS, counts=False)
    row.refresh_from_db()
    return False


def _send(row: WarehouseRelease, port: WmsPort) -> None:
    begin_release(row)
    order = from_json(WarehouseOrder, row.canonical)
    told = Instruction(reference=row.reference, sequence=row.sequence, content_hash=row.content_hash, order=order)
    try:
        with writes_leave_within(settings.SEND_WITHIN_SECONDS):
            state = port.cancel(told) if row.purpose == "cancel" else port.release(told)
    except Transient as error:
        mark_release(row, State.PENDING)
        raise RetryLater(error.message, after=error.retry_after, counts=False) from error
    except UnknownOutcome as error:
        mark_release(row, State.UNKNOWN)
        raise RetryLater(error.message, after=LOOK_AGAIN_SECONDS, counts=False) from error
    except (AuthFailed, Misconfigured, Rejected) as error:
        _refuse(row.pk, error)
        return
    _confirm(row, state)


@transaction.atomic
def _confirm(seen: WarehouseRelease, state: ReleaseState) -> None:
    """The warehouse has it, whatever others made of it meanwhile; what was withdrawn is taken back by a new one."""
    locked_order(seen.order_id)
    row = locked_release(seen.pk)
    if row.state == State.CONFIRMED:
        return
    withdrawn = row.state == State.WITHDRAWN
    for step in TO_SENDING.get(row.state, ()):
        row.state = step
        row.save(update_fields=["state"])
    row.state, row.number, row.settled_at = State.CONFIRMED, state.number[:40], database_now()
    row.error_code = row.error_text = ""
    row.save(update_fields=["state", "number", "settled_at", "error_code", "error_text"])
    note_stage(row, state.stage)
    resolve_cases(
        subject_type="warehouse_release",
        subject_id=str(row.pk),
        resolution=Resolution.RETRIED,
        reason="the warehouse took it",
        code="refused",
    )
    if withdrawn:
        plan_releases(order_id=row.order_id)


@transaction.atomic
def _refuse(release_id: UUID, error: SystemCallError) -> None:
    row = locked_release(release_id)
    if row.state not in State.OPEN:
        return
    row.state, row.settled_at = State.REJECTED, database_now()
    row.error_code, row.error_text = error.code[:60], error.message[:500]
    row.save(update_fields=["state", "settled_at", "error_code", "error_text"])
    what = {"cancel": "take back", "change": "change"}.get(row.purpose, "take")
    with correlated(row.correlation_id):
        open_case(
            kind="warehouse.refused",
            code="refused",
            subject_type="warehouse_release",
            subject_id=str(row.pk),
            sentence=f"{row.warehouse} did not {what} {row.reference}: {error.message}",
            **about(row.order),
            data={"order": str(row.order_id)},
        )


@transaction.atomic
def _alarm(row: WarehouseRelease, held: Sequence[ReleaseState]) -> None:
    with correlated(row.correlation_id):
        open_case(
            kind="warehouse.duplicate",
            code="duplicate",
            subject_type="warehouse_release",
            subject_id=str(row.pk),
            sentence=f"{row.warehouse} holds {row.reference} {len(held)} times: {', '.join(s.number for s in held)}",
            severity=4,
            **about(row.order),
            data={"order": str(row.order_id), "held": [to_json(state) for state in held][:20]},
        )


@transaction.atomic
def send_release_again(*, release_id: UUID) -> WarehouseRelease:
    """The refused instruction waits to be sent again under its number; one that is not refused stays as it is."""
    row = locked_release(release_id)
    if row.state == State.REJECTED:
        row.state = State.PENDING
        row.save(update_fields=["state"])
    return row
