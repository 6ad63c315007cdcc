"""How far a return is, step by step."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from orders.choices import ReturnStatus
from orders.models import Return


@dataclass(frozen=True, slots=True)
class Step:
    """`state` is done, now or next."""

    label: Lazy | str
    state: str
    at: dt.datetime | None = None


def steps_of(row: Return) -> list[Step]:
    """Asked, answered, goods here, settled; a return that ended early stops there."""
    asked = Step(_("Asked for"), "done", row.requested_at)
    if row.status == ReturnStatus.WITHDRAWN:
        return [asked, Step(_("Withdrawn"), "done", row.updated_at)]
    if row.status == ReturnStatus.REJECTED:
        return [asked, Step(_("Rejected"), "done", row.decided_at)]
    places = [
        (_("Answered"), row.decided_at if row.status not in ReturnStatus.UNDECIDED else None),
        (_("Goods are here"), row.received_at),
        (_("Settled"), row.settled_at),
    ]
    steps, now = [asked], "now"
    for label, at in places:
        steps.append(Step(label, "done" if at else now, at))
        now = now if at else "next"
    return steps
