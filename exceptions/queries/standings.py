"""How what was given up stands now: jobs, deliveries of events and mails, many at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TypedDict
from uuid import UUID

from django.db.models import Q
from django.utils.timezone import localtime

from distportal.events.choices import DeliveryState, JobState
from distportal.events.models import Job, OutboxDelivery
from distportal.events.registry import job_kind, subscription
from distportal.notices.choices import MailState
from distportal.notices.models import Mail
from exceptions.choices import CaseStatus
from exceptions.models import Case
from exceptions.registry import REDELIVER, REPROCESS, Standing

DEAD, UNDER_WAY, OVER, GONE = "dead", "under_way", "over", "gone"
_GONE = Standing(state=GONE, told="nothing is kept of it any more; close its case with a reason")
_AGAIN = "it is tried again already"
_SAME_BYTES = "it was written once and stays so: only the same can be sent again"


class _Facts(TypedDict):
    what: str
    attempts: int
    error: str


def jobs_of(cases: Sequence[Case]) -> dict[UUID, Standing]:
    """By case, of dead jobs: a job whose like was done since, or waits, is superseded."""
    rows = {str(row.pk): row for row in Job.objects.filter(pk__in=_uuids(cases))}
    likes = _likes(rows.values())
    return {case.pk: _of_job(rows.get(case.subject_id), likes) for case in cases}


def _likes(rows: Collection[Job]) -> dict[tuple[str, str], list[Job]]:
    """Rows for the same work that wait or are done, by kind and key."""
    same = Q(pk=None)
    for row in rows:
        same |= Q(kind=row.kind, key=row.key)
    found: dict[tuple[str, str], list[Job]] = {}
    for row in Job.objects.filter(same, state__in=(JobState.READY, JobState.DONE)) if rows else []:
        found.setdefault((row.kind, row.key), []).append(row)
    return found


def _of_job(row: Job | None, likes: Mapping[tuple[str, str], list[Job]]) -> Standing:
    if row is None:
        return _GONE
    known = job_kind(row.kind)
    facts = _Facts(what=row.kind, attempts=row.attempts, error=row.last_error)
    if row.state == JobState.DONE:
        return Standing(state=OVER, told="it is done", **facts)
    if row.state == JobState.READY:
        return Standing(state=UNDER_WAY, told=_AGAIN, **facts)
    for like in likes.get((row.kind, row.key), []):
        if like.done_at and row.done_at and like.done_at > row.done_at:
            told = f"superseded: the same work was done at {localtime(like.done_at):%d %b %H:%M}"
            return Standing(state=OVER, told=told, **facts)
        if like.state == JobState.READY:
            return Standing(state=OVER, told="superseded: the same work was asked for anew and waits", **facts)
    if known is None:
        no = f"this version knows no work of the kind {row.kind}"
        return Standing(state=DEAD, refusals={REDELIVER: no, REPROCESS: no}, **facts)
    if known.hands_over:
        no = "it only hands over what is written already: re-deliver it"
        return Standing(state=DEAD, refusals={REPROCESS: no}, **facts)
    return Standing(state=DEAD, refusals={REDELIVER: "it hands nothing over: re-process it"}, **facts)


def deliveries_of(cases: Sequence[Case]) -> dict[UUID, Standing]:
    """By case, of events that a part of the portal did not take."""
    numbers = [int(case.subject_id) for case in cases if case.subject_id.isdecimal()]
    rows = {str(row.pk): row for row in OutboxDelivery.objects.filter(pk__in=numbers).select_related("event")}
    return {case.pk: _of_delivery(rows.get(case.subject_id)) for case in cases}


def _of_delivery(row: OutboxDelivery | None) -> Standing:
    if row is None:
        return _GONE
    what = f"{row.event.type} to {row.destination}"
    facts = _Facts(what=what, attempts=row.attempts + row.lost, error=row.last_error)
    if row.state == DeliveryState.DELIVERED:
        return Standing(state=OVER, told="it arrived", **facts)
    if row.state == DeliveryState.PENDING:
        return Standing(state=UNDER_WAY, told=_AGAIN, **facts)
    refusals = {REPROCESS: "an event is a fact that is told, not made anew: re-deliver it"}
    if subscription(row.destination) is None:
        refusals[REDELIVER] = f"this version has no {row.destination}"
    return Standing(state=DEAD, refusals=refusals, **facts)


def mails_of(cases: Sequence[Case]) -> dict[UUID, Standing]:
    """By case, of mails that were refused for good."""
    rows = {str(row.pk): row for row in Mail.objects.filter(pk__in=_uuids(cases)).defer("text", "html")}
    return {case.pk: _of_mail(rows.get(case.subject_id)) for case in cases}


def _of_mail(row: Mail | None) -> Standing:
    if row is None:
        return _GONE
    facts = _Facts(what=f"{row.kind} to {row.to_email}", attempts=1, error=row.error)
    if row.state == MailState.SENT:
        return Standing(state=OVER, told="it was sent", **facts)
    if row.state in MailState.OPEN:
        return Standing(state=UNDER_WAY, told=_AGAIN, **facts)
    return Standing(state=DEAD, refusals={REPROCESS: _SAME_BYTES}, **facts)


def by_their_cases(cases: Sequence[Case]) -> dict[UUID, Standing]:
    """By case, of kinds whose case says it all: an open one is dead, unless it was tried again and nothing is known."""
    return {case.pk: _of_case(case) for case in cases}


def _of_case(case: Case) -> Standing:
    state, told = DEAD, ""
    if case.status == CaseStatus.RESUBMITTED:
        state, told = UNDER_WAY, _AGAIN
    elif not case.is_open:
        state, told = OVER, "its case is closed"
    return Standing(state=state, told=told, what=case.code, attempts=case.occurrences, error=case.sentence)


def _uuids(cases: Iterable[Case]) -> list[UUID]:
    found = []
    for case in cases:
        try:
            found.append(UUID(case.subject_id))
        except ValueError:  # a case that was opened by hand for something else
            continue
    return found
