"""Keep routines, and do one to a case: all its steps or none."""

from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid5

from django.db import transaction

from distportal.accounts.models import User
from distportal.events.clock import database_now
from distportal.threads.posting import post_message
from distportal.threads.subjects import subject_of
from exceptions.errors import NoSuchPlace, RuleRefused
from exceptions.models import Case, Routine
from exceptions.process.clocks import calendar_of
from exceptions.process.facts import locked_open_case
from exceptions.process.handling import LONGEST_ASIDE, claim_case, comment_case, move_case, put_aside
from exceptions.registry import case_kinds

NAMESPACE = UUID("0d1c4b0e-6a55-5c36-9a8e-3f1f5f3f7a10")
MOST_HOURS = 400
"""Working hours: some ten weeks of eight hours a day."""


def routines_for(kind: str) -> list[Routine]:
    """Those in use that fit cases of the kind, by name."""
    return [row for row in Routine.objects.filter(active=True).select_related("queue") if row.fits(kind)]


@transaction.atomic
def save_routine(routine: Routine) -> Routine:
    """The routine is offered from now on. Raises RuleRefused for one without a name or steps, for a kind that is not
    known, or for a case that would not come back.
    """
    if not routine.name.strip():
        raise RuleRefused("give the routine a name; nothing was saved")
    if not (routine.take or routine.message.strip() or routine.queue_id or routine.aside or routine.note.strip()):
        raise RuleRefused("say at least one thing that it does; nothing was saved")
    if routine.aside and not 0 < routine.hours <= MOST_HOURS:
        raise RuleRefused(f"say after how many hours it comes back, at most {MOST_HOURS}; nothing was saved")
    if not any(routine.fits(known.kind) for known in case_kinds()):
        raise RuleRefused(f"no kind of case is or begins with {routine.kind}; nothing was saved")
    routine.save()
    return routine


@transaction.atomic
def drop_routine(*, routine_id: int) -> None:
    """It is offered no more; what it did stays. Raises RuleRefused for one that is gone already."""
    if not Routine.objects.filter(pk=routine_id).delete()[0]:
        raise RuleRefused("the routine is gone already; nothing was done")


@transaction.atomic
def run_routine(*, case_id: UUID, version: int, routine_id: int, user: User) -> str:
    """What was done, in a sentence. Raises CaseChanged if the case moved on since it was seen, NoSuchPlace for a
    routine that is not offered for it or a dealer whom nobody can write to: no step is done then.
    """
    routine = Routine.objects.select_related("queue").filter(pk=routine_id, active=True).first()
    if routine is None:
        raise NoSuchPlace("this routine is not offered any more; nothing was done")
    case = locked_open_case(case_id, version=version)
    if not routine.fits(case.kind):
        raise NoSuchPlace(f"“{routine}” is not for cases of this kind; nothing was done")
    if routine.message:
        _ask(routine, case, user)
    if routine.queue and routine.queue_id != case.queue_id:
        case = move_case(case_id=case.pk, version=case.version, queue_id=routine.queue.pk, reason=f"{routine}.")
    if routine.take and case.owner_id != user.pk:
        case = claim_case(case_id=case.pk, user=user, version=case.version)
    if routine.aside:
        case = _put_aside(routine, case)
    elif routine.note:
        comment_case(case_id=case.pk, text=routine.note)
    return f"{routine}: {case} {'is with you' if case.owner_id == user.pk else 'is in ' + str(case.queue)}" + (
        f", {case.get_status_display().lower()} until {case.remind_at:%Y-%m-%d %H:%M %Z}" if case.remind_at else ""
    )


def _ask(routine: Routine, case: Case, user: User) -> None:
    subject = subject_of(case)
    if subject is None:
        raise NoSuchPlace("the case is of no dealer whom one could ask; nothing was done")
    token = uuid5(NAMESPACE, f"{case.pk}/{case.version}/{routine.pk}")
    text = routine.message.replace("{about}", case.reference or subject.label)
    post_message(subject=subject, user=user, token=token, text=text, asks=True)


def _put_aside(routine: Routine, case: Case) -> Case:
    now = database_now()
    until = calendar_of(case).after_hours(now, dt.timedelta(hours=routine.hours))
    return put_aside(
        case_id=case.pk, version=case.version, status=routine.aside, until=min(until, now + LONGEST_ASIDE),
        note=routine.note or f"{routine}.",
    )  # fmt: skip
