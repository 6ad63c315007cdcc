"""How far a dispute is, in the steps a dealer thinks in."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from orders.choices import DisputeStatus
from orders.models import Dispute

_STEPS: tuple[tuple[str, Lazy | str], ...] = (
    ("opened", _("Opened")),
    ("review", _("In review")),
    ("decided", _("Decided")),
    ("booked", _("Credit booked")),
)
_REACHED = {
    DisputeStatus.DRAFT: 0,
    DisputeStatus.SUBMITTED: 1,
    DisputeStatus.IN_REVIEW: 2,
    DisputeStatus.NEED_INFO: 2,
    DisputeStatus.PROPOSED: 2,
    DisputeStatus.WAITING_APPROVAL: 2,
    DisputeStatus.APPROVED: 3,
    DisputeStatus.REJECTED: 3,
    DisputeStatus.WITHDRAWN: 1,
    DisputeStatus.BOOKED: 4,
    DisputeStatus.CLOSED: 4,
    DisputeStatus.REVERSING: 4,
    DisputeStatus.REVERSED: 4,
    DisputeStatus.SPLIT: 2,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeStep:
    """One step; `state` is done, now, or empty for what is to come."""

    label: Lazy | str
    state: str


def steps_of(dispute: Dispute) -> list[DisputeStep]:
    """Opened, in review, decided, booked. One that was rejected or withdrawn has nothing to come."""
    reached = _REACHED[DisputeStatus(dispute.status)]
    ended = dispute.status in (DisputeStatus.REJECTED, DisputeStatus.WITHDRAWN, DisputeStatus.SPLIT)
    steps = _STEPS[:reached] if ended else _STEPS
    return [
        DisputeStep(label=label, state="done" if n <= reached else "now" if n == reached + 1 else "")
        for n, (_name, label) in enumerate(steps, 1)
    ]
