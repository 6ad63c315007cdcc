"""Let a kind of work rest and go on: what is due waits in its rows, nobody's attempt is counted."""

from __future__ import annotations

from django.db import transaction

from distportal.common.errors import Conflict, Invalid
from distportal.common.marks import A_TEXT
from distportal.common.prepared import PreparedValues
from distportal.events.choices import JobState
from distportal.events.clock import database_now
from distportal.events.models import FlowSwitch, Job, PausedKind
from distportal.events.registry import job_kind

_PAUSED = PreparedValues(lambda kind: PausedKind.objects.filter(kind=kind).values_list("pk"), A_TEXT)
LOOK_AGAIN_SECONDS = 15.0
"""A job of a paused kind looks again so often, should the resuming not reach it."""


class ReasonMissing(Invalid):
    """Work is not paused or resumed without saying why."""

    code = "reason_missing"


class AlreadySo(Conflict):
    """The kind is paused, or runs, already."""

    code = "already_so"


class UnknownFlow(Invalid):
    """Nobody handles jobs of that kind."""

    code = "unknown_flow"


@transaction.atomic
def pause_kind(*, kind: str, reason: str, actor: str) -> PausedKind:
    """The kind rests from now on; a job that runs already comes to its end. Raises ReasonMissing, AlreadySo,
    UnknownFlow.
    """
    _check(kind, reason)
    row, fresh = PausedKind.objects.get_or_create(kind=kind, defaults={"reason": reason.strip()[:300], "actor": actor})
    if not fresh:
        raise AlreadySo(f"{kind} was paused already by {row.actor}: {row.reason}")
    FlowSwitch.objects.create(kind=kind, action=FlowSwitch.Action.PAUSED, reason=row.reason, actor=actor)
    return row


@transaction.atomic
def resume_kind(*, kind: str, reason: str, actor: str) -> int:
    """How many jobs of the kind are due again now. Raises ReasonMissing, AlreadySo, UnknownFlow."""
    _check(kind, reason)
    gone, _ = PausedKind.objects.filter(kind=kind).delete()
    if not gone:
        raise AlreadySo(f"{kind} is not paused")
    FlowSwitch.objects.create(kind=kind, action=FlowSwitch.Action.RESUMED, reason=reason.strip()[:300], actor=actor)
    return Job.objects.filter(kind=kind, state=JobState.READY, lease_token=None).update(next_at=database_now())


def is_paused(kind: str) -> bool:
    """Whether the kind rests."""
    return bool(_PAUSED(kind))


def _check(kind: str, reason: str) -> None:
    if job_kind(kind) is None:
        raise UnknownFlow(f"nobody handles {kind}; nothing was changed")
    if not reason.strip():
        raise ReasonMissing("say why; nothing was changed")
