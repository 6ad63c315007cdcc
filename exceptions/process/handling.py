"""What people do with an open case short of settling it: take it, hand it on, put it aside, write into it.

Each takes the version that the person saw: of two who save at once one is told, and nothing of the other is lost.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction

from distportal.accounts.models import User
from distportal.events.clock import database_now
from exceptions.choices import CaseStatus
from exceptions.errors import NoSuchPlace, ReasonMissing, TimeMissing
from exceptions.models import Case, CaseEntry, Queue
from exceptions.process.clocks import pause_clock, resume_clock, set_due
from exceptions.process.entries import enter
from exceptions.process.facts import locked_open_case

LONGEST_ASIDE = dt.timedelta(days=90)
_WORDS = {
    CaseStatus.WAITING_DEALER: "waits for the dealer",
    CaseStatus.WAITING_ERP: "waits for the ERP",
    CaseStatus.SNOOZED: "snoozed",
}


@transaction.atomic
def claim_case(*, case_id: UUID, user: User, version: int) -> Case:
    """The case, owned by the person. Raises CaseChanged if it moved on since they saw it."""
    case = locked_open_case(case_id, version=version)
    now = database_now()
    case.owner, case.responded_at = user, case.responded_at or now
    _bring_back(case, now)
    return _saved(case, "claimed")


@transaction.atomic
def assign_case(*, case_id: UUID, version: int, owner: User | None, reason: str = "") -> Case:
    """The case is that person's, or nobody's again. Raises CaseChanged, NoSuchPlace for somebody who is no staff."""
    if owner is not None and not (owner.is_staff and owner.is_active):
        raise NoSuchPlace(f"{owner} does not work here; nothing was done", field="person")
    case = locked_open_case(case_id, version=version)
    case.owner = owner
    if case.status in (CaseStatus.NEW, CaseStatus.CLAIMED):
        case.status = CaseStatus.CLAIMED if owner else CaseStatus.NEW
    return _saved(case, "assigned", f"to {owner}. {reason}".strip() if owner else f"to nobody. {reason}".strip())


@transaction.atomic
def move_case(*, case_id: UUID, version: int, queue_id: int, reason: str) -> Case:
    """The case waits in another queue, by whose calendar it is due; it belongs to nobody there. Raises CaseChanged,
    ReasonMissing, and NoSuchPlace for no queue.
    """
    if not reason.strip():
        raise ReasonMissing("say why; nothing was done", field="reason")
    queue = Queue.objects.filter(pk=queue_id).first()
    if queue is None:
        raise NoSuchPlace("there is no such queue; nothing was done", field="queue")
    case = locked_open_case(case_id, version=version)
    before, case.queue, case.owner = case.queue, queue, None
    if case.status == CaseStatus.CLAIMED:
        case.status = CaseStatus.NEW
    set_due(case)
    return _saved(case, "moved", f"from {before} to {queue}. {reason.strip()}")


@transaction.atomic
def put_aside(*, case_id: UUID, version: int, status: str, until: dt.datetime | None, note: str = "") -> Case:
    """The case waits for the dealer or the ERP, and its clock stands, or it is snoozed, and its clock runs on; at
    `until` it comes back by itself. Raises CaseChanged, and TimeMissing without a time that lies ahead.
    """
    now = database_now()
    if status not in CaseStatus.ASIDE:
        raise NoSuchPlace(f"{status} is no way to put a case aside; nothing was done", field="status")
    if until is None or not now < until <= now + LONGEST_ASIDE:
        raise TimeMissing("say until when, at most 90 days ahead; nothing was done", field="until")
    case = locked_open_case(case_id, version=version)
    if status in CaseStatus.PAUSED:
        pause_clock(case, now)
    else:
        resume_clock(case, now)
    case.status, case.remind_at = status, until
    case.responded_at = case.responded_at or now
    return _saved(case, _WORDS[CaseStatus(status)], f"until {until:%Y-%m-%d %H:%M %Z}. {note.strip()}".strip())


@transaction.atomic
def take_back(*, case_id: UUID, version: int) -> Case:
    """A case that was put aside is worked on again; its clock runs. Raises CaseChanged."""
    case = locked_open_case(case_id, version=version)
    _bring_back(case, database_now())
    return _saved(case, "taken up again")


@transaction.atomic
def comment_case(*, case_id: UUID, text: str) -> CaseEntry:
    """The comment in the case's history. Raises ReasonMissing for an empty one."""
    if not text.strip():
        raise ReasonMissing("write something; nothing was saved")
    return enter(Case.objects.get(pk=case_id), "comment", text.strip())


def bring_back(case: Case, now: dt.datetime, action: str, text: str = "") -> Case:
    """The case, locked by the caller, is worked on again by whoever owns it."""
    _bring_back(case, now)
    return _saved(case, action, text)


def _bring_back(case: Case, now: dt.datetime) -> None:
    resume_clock(case, now)
    case.remind_at = None
    case.status = CaseStatus.CLAIMED if case.owner_id else CaseStatus.NEW


def _saved(case: Case, action: str, text: str = "") -> Case:
    case.version += 1
    case.save()
    enter(case, action, text)
    return case
