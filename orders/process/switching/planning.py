"""Plan a switch: see what it means, confirm it, or take it back before its time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from django.db import IntegrityError, transaction

from distportal.common.errors import Invalid
from distportal.events.clock import database_now
from distportal.events.jobs import enqueue_job
from distportal.systems.identity import note_identity
from distportal.systems.models import ErpSwitch, ErpSwitchSubject, OwnedKind
from distportal.systems.ownership import DEFAULT, beside
from inventory.queries.facts import differing, keys_without_facts, unread_kinds
from orders.errors import SwitchRefused
from orders.process.switching.subjects import current_owners
from orders.queries.switches import held_reservations, orders_behind, unconfirmed_commands

APPLY_JOB = "orders.apply_switch"
MOST = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a switch would mean now. `refusals` say why it cannot be planned; the rest are counts to decide by."""

    subjects: int
    open_orders: int
    unconfirmed: int
    reservations: int
    prices_differ: int
    stock_differs: int
    credit_differs: int
    refusals: tuple[str, ...]


def preview_switch(*, kind: str, keys: Sequence[str], to: str) -> Preview:
    """The counts for these keys; reads only. Raises Invalid for a kind there is not."""
    if kind not in OwnedKind.values:
        raise Invalid(f"nothing of the kind {kind!r} can be with an ERP; there are {', '.join(OwnedKind.values)}")
    keys = sorted(set(keys))
    refusals = _refusals(kind, keys, to)
    if not keys or len(keys) > MOST:
        return Preview(
            subjects=len(keys), open_orders=0, unconfirmed=0, reservations=0, prices_differ=0, stock_differs=0,
            credit_differs=0, refusals=refusals,
        )  # fmt: skip
    known = current_owners(kind, keys)
    others = sorted({owner for owner in known.values() if owner != to})
    differs = dict.fromkeys(("price", "stock", "customer"), 0)
    for other in others:
        for what in differs:
            differs[what] += differing(left=other, right=to, kind=what, about=kind, keys=keys)
    return Preview(
        subjects=len(keys),
        open_orders=orders_behind(kind=kind, keys=keys, to=to).count(),
        unconfirmed=unconfirmed_commands(kind=kind, keys=keys).count(),
        reservations=held_reservations(kind=kind, keys=keys),
        prices_differ=differs["price"],
        stock_differs=differs["stock"],
        credit_differs=differs["customer"],
        refusals=refusals,
    )


@transaction.atomic
def plan_switch(*, kind: str, keys: Sequence[str], to: str, due_at: dt.datetime, reason: str, actor: str) -> ErpSwitch:
    """The planned switch, with the preview of this moment; at `due_at` a job applies it. Raises SwitchRefused with
    every reason, or Invalid where why or who is missing.
    """
    if not reason.strip() or not actor.strip():
        raise Invalid("say why, and sign with your name; nothing was planned")
    preview = preview_switch(kind=kind, keys=keys, to=to)
    if preview.refusals:
        raise SwitchRefused("; ".join(preview.refusals) + ". Nothing was planned")
    row = ErpSwitch.objects.create(
        kind=kind, connection=to, due_at=due_at, reason=reason.strip()[:300], planned_by=actor.strip()[:120],
        preview={name: value for name, value in asdict(preview).items() if name != "refusals"},
    )  # fmt: skip
    try:
        with transaction.atomic():
            ErpSwitchSubject.objects.bulk_create(
                (ErpSwitchSubject(switch=row, kind=kind, key=key) for key in sorted(set(keys))), batch_size=5000
            )
    except IntegrityError as error:
        raise SwitchRefused("another planned switch names one of these already; nothing was planned") from error
    wait = max(0.0, (due_at - database_now()).total_seconds())
    enqueue_job(APPLY_JOB, key=str(row.pk), payload={"switch": str(row.pk)}, delay=wait)
    return row


@transaction.atomic
def cancel_switch(*, switch_id: UUID, reason: str, actor: str) -> ErpSwitch:
    """The switch, taken back for all that it has not moved yet; what was moved stays so: another switch brings it back.

    Raises Invalid without a reason, SwitchRefused for one that is over.
    """
    if not reason.strip():
        raise Invalid("say why; nothing was changed")
    row = ErpSwitch.objects.select_for_update(no_key=True).get(pk=switch_id)
    if row.state not in ErpSwitch.State.OPEN:
        raise SwitchRefused(f"the switch is {row.get_state_display().lower()}; nothing was changed")
    row.subjects.filter(state__in=("waiting", "delayed")).update(state=ErpSwitchSubject.State.CANCELLED)
    row.state, row.ended_by, row.ended_at = ErpSwitch.State.CANCELLED, actor[:120], database_now()
    row.end_reason = reason.strip()[:300]
    row.save()
    return row


def _refusals(kind: str, keys: Sequence[str], to: str) -> tuple[str, ...]:
    found = []
    if not keys:
        found.append("nothing was chosen")
    if len(keys) > MOST:
        found.append(f"{len(keys)} are too many for one switch: {MOST} at most")
    if to != DEFAULT and to not in beside():
        return (*found, f"ERP {to} does not run beside the house's own")
    if stop := note_identity(to):
        found.append(f"ERP connection {to} rests: {stop.sentence}")
    if unread := unread_kinds(to):
        found.append(f"the {', '.join(unread)} feed of ERP {to} was not read to its end yet")
    if not keys:
        return tuple(found)
    known = current_owners(kind, keys)
    if unknown := sorted(set(keys) - known.keys())[:5]:
        found.append(f"we know no {kind} {', '.join(unknown)}")
    if there := sorted(key for key, owner in known.items() if owner == to)[:5]:
        found.append(f"{', '.join(there)} is with ERP {to} already")
    if kind != OwnedKind.COMPANY and (missing := keys_without_facts(kind=kind, keys=keys, of=to)):
        more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
        found.append(f"ERP {to} has no {kind} {', '.join(missing[:5])}{more}")
    return tuple(found)
