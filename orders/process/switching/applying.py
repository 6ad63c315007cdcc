"""Apply a switch when its time has come, exactly once for each subject, however late and however often it is begun."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from distportal.events.clock import database_now
from distportal.events.errors import RetryLater
from distportal.systems.identity import note_identity
from distportal.systems.models import ErpAssignment, ErpSwitch, ErpSwitchSubject, OwnedKind
from distportal.systems.ownership import hold_ownership
from exceptions.choices import Resolution
from exceptions.process.cases import open_case, resolve_cases
from inventory.process.reservations import lock_stock
from inventory.process.taking_over import (
    hold_again,
    let_go_with_figures,
    take_over_accounts,
    take_over_items,
    take_over_warehouse,
)
from inventory.queries.switchable import item_ids, item_ids_in
from orders.process.switching.subjects import accounts_following, current_owners
from orders.queries.switches import allocated_at, base_owed, lines_owed, uncertain_keys

AT_ONCE = 500
AGAIN_AFTER = 30.0
CASE_KIND = "erp.switch_delayed"
_OPEN = (ErpSwitchSubject.State.WAITING, ErpSwitchSubject.State.DELAYED)


def apply_switch(*, switch_id: UUID) -> None:
    """All that can be moved is moved, some hundred in one transaction. What has a command whose outcome nobody knows
    waits with one case, and RetryLater says when to look again. Does nothing for a switch that is over.
    """
    last = ""
    while (moved := _apply_some(switch_id, after=last)) is not None:
        last = moved
    _close(switch_id)


@transaction.atomic
def _apply_some(switch_id: UUID, *, after: str) -> str | None:
    """The last key of the piece that was looked at; None when there is none left."""
    hold_ownership(to_change=True)
    switch = ErpSwitch.objects.select_for_update(no_key=True).get(pk=switch_id)
    now = database_now()
    if switch.state not in ErpSwitch.State.OPEN:
        return None
    if now < switch.due_at:
        raise RetryLater("its time has not come", after=(switch.due_at - now).total_seconds(), counts=False)
    rows = switch.subjects.select_for_update(no_key=True).filter(state__in=_OPEN, key__gt=after).order_by("key")
    subjects = list(rows[:AT_ONCE])
    if not subjects:
        return None
    keys = [row.key for row in subjects]
    blocked = _blocked(switch, keys)
    free = [key for key in keys if key not in blocked]
    _move(switch, free, now)
    for row in subjects:
        row.state = ErpSwitchSubject.State.DELAYED if row.key in blocked else ErpSwitchSubject.State.DONE
        row.why = blocked.get(row.key, "")[:300]
        row.done_at = None if row.key in blocked else now
    ErpSwitchSubject.objects.bulk_update(subjects, ["state", "why", "done_at"])
    return keys[-1]


def _blocked(switch: ErpSwitch, keys: Sequence[str]) -> dict[str, str]:
    if stop := note_identity(switch.connection):
        return dict.fromkeys(keys, f"ERP connection {switch.connection} rests: {stop.sentence}")
    found = uncertain_keys(kind=switch.kind, keys=keys)
    return {key: f"whether the ERP has {reference} is not known yet" for key, reference in found.items()}


def _move(switch: ErpSwitch, keys: Sequence[str], now: dt.datetime) -> None:
    known = current_owners(switch.kind, keys)
    keys = [key for key in keys if known.get(key) != switch.connection]
    if not keys:
        return
    ids = _stock_of(switch.kind, keys)
    lock_stock(ids)  # before the decision is seen: an order that is being placed is given to the one or the other
    ErpAssignment.objects.bulk_create(
        ErpAssignment(
            kind=switch.kind, key=key, connection=switch.connection, from_at=now, switch=switch,
            reason=switch.reason, decided_by=switch.planned_by,
        )
        for key in keys
    )  # fmt: skip
    if switch.kind == OwnedKind.ITEM:
        _settle_promises(switch.connection, ids)
        take_over_items(skus=keys, to=switch.connection)
    elif switch.kind == OwnedKind.WAREHOUSE:
        for code in keys:
            _settle_promises(switch.connection, item_ids_in(code), code)
            take_over_warehouse(code=code, to=switch.connection)
    else:
        codes = list(keys) if switch.kind == OwnedKind.ACCOUNT else accounts_following(keys)
        take_over_accounts(codes=codes, to=switch.connection)


def _stock_of(kind: str, keys: Sequence[str]) -> list[int]:
    if kind == OwnedKind.ITEM:
        return item_ids(keys)
    return sorted({item for code in keys for item in item_ids_in(code)}) if kind == OwnedKind.WAREHOUSE else []


def _settle_promises(to: str, ids: Sequence[int], warehouse: str = "") -> None:
    """What is owed to orders of other ERPs is in none of the new figures and counts again; that of orders which the new
    one has ends as its figures include it.
    """
    lines = list(lines_owed(items=ids, warehouse=warehouse))
    behind = [line for line in lines if line.order.erp != to]
    hold_again(owed=[(line.demand_ref, base_owed(line)) for line in behind], item_ids=ids, warehouse=warehouse)
    since = allocated_at({line.order_id for line in lines if line.order.erp == to})
    there = [(line.demand_ref, since[line.order_id]) for line in lines if line.order_id in since]
    let_go_with_figures(refs=[ref for ref, _ in there], at=[at for _, at in there])


def _close(switch_id: UUID) -> None:
    waiting = _end(switch_id)
    if waiting:
        raise RetryLater(f"{waiting} wait for commands whose outcome is not known", after=AGAIN_AFTER, counts=False)


@transaction.atomic
def _end(switch_id: UUID) -> int:
    """How many are delayed; without any the switch is done and its case closed."""
    switch = ErpSwitch.objects.select_for_update(no_key=True).get(pk=switch_id)
    if switch.state not in ErpSwitch.State.OPEN:
        return 0
    late = list(switch.subjects.filter(state__in=_OPEN).order_by("key"))
    if not late:
        switch.state, switch.ended_at, switch.ended_by = ErpSwitch.State.DONE, database_now(), switch.planned_by
        switch.save(update_fields=["state", "ended_at", "ended_by"])
        resolve_cases(
            subject_type="erp_switch", subject_id=str(switch.pk), resolution=Resolution.BY_EVENT, reason="all is moved"
        )
        return 0
    if switch.state != ErpSwitch.State.DELAYED:
        switch.state = ErpSwitch.State.DELAYED
        switch.save(update_fields=["state"])
        _tell(switch, late)
    return len(late)


def _tell(switch: ErpSwitch, late: Sequence[ErpSwitchSubject]) -> None:
    named = ", ".join(row.key for row in late[:3]) + (f" and {len(late) - 3} more" if len(late) > 3 else "")
    open_case(
        kind=CASE_KIND,
        code="switch_delayed",
        subject_type="erp_switch",
        subject_id=str(switch.pk),
        sentence=f"The switch to ERP {switch.connection} of {switch.due_at:%d %b %H:%M} waits for "
        f"{named}: {late[0].why}",
        severity=3,
        queue="operations",
        data={"switch": str(switch.pk), "waiting": {row.key: row.why for row in late[:200]}},
    )
