"""One direction of a mailbox: one worker at a time, back-off while it fails, one case at the limit."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q

from distportal.events.clock import database_now
from distportal.events.jobs import backoff
from distportal.systems.sftp.base import TransportError
from edi.choices import Direction
from edi.models import Mailbox, MailboxLink
from edi.queries.cases import has_open_case
from edi.queries.failing_links import MOST_FAILURES
from exceptions.choices import Resolution
from exceptions.process.cases import open_case, resolve_cases

log = structlog.get_logger(__name__)

PERMANENT_WAIT = 900.0
"""Seconds between two tries of what only a person can set right."""
_KINDS = {
    Direction.IN: ("edi.mailbox_trouble", "could not be emptied"),
    Direction.OUT: ("edi.delivery_trouble", "could not be brought its files"),
}


@contextmanager
def held(mailbox: Mailbox, direction: Direction) -> Iterator[bool]:
    """Whether this worker has the mailbox to itself until the block ends; a worker that died lets go with its lease."""
    token = uuid.uuid4()
    now = database_now()
    MailboxLink.objects.bulk_create([MailboxLink(mailbox=mailbox, direction=direction)], ignore_conflicts=True)
    rows = MailboxLink.objects.filter(mailbox=mailbox, direction=direction)
    free = rows.filter(Q(lease_until=None) | Q(lease_until__lt=now))
    lease = now + dt.timedelta(seconds=settings.JOB_LEASE_SECONDS)
    mine = bool(free.update(lease_until=lease, lease_token=token))
    try:
        yield mine
    finally:
        if mine:
            rows.filter(lease_token=token).update(lease_until=None, lease_token=None)


def wait_left(mailbox: Mailbox, direction: Direction) -> float:
    """Seconds until the next try may be made; 0 when it may be made now."""
    retry_at = (
        MailboxLink.objects.filter(mailbox=mailbox, direction=direction).values_list("retry_at", flat=True).first()
    )
    return max(0.0, (retry_at - database_now()).total_seconds()) if retry_at else 0.0


@transaction.atomic
def note_failure(*, mailbox: Mailbox, direction: Direction, error: TransportError) -> float:
    """Seconds to wait before the next try. One case is open from the limit on, at once where it is permanent."""
    now = database_now()
    link, _ = MailboxLink.objects.get_or_create(mailbox=mailbox, direction=direction)
    link = MailboxLink.objects.select_for_update(no_key=True).get(pk=link.pk)
    link.failures += 1
    link.failed_since = link.failed_since or now
    link.last_error = str(error)[:400]
    wait = PERMANENT_WAIT if error.permanent else backoff(link.failures)
    link.retry_at = now + dt.timedelta(seconds=wait)
    link.save(update_fields=["failures", "failed_since", "last_error", "retry_at"])
    log.warning("edi.mailbox_trouble", mailbox=mailbox.path, direction=direction, error=str(error))
    if error.permanent or link.failures >= MOST_FAILURES:
        _tell(mailbox, direction, error)
    return wait


@transaction.atomic
def note_success(*, mailbox: Mailbox, direction: Direction) -> None:
    """It works: what was noted of its troubles is forgotten and their case ends by itself."""
    MailboxLink.objects.filter(mailbox=mailbox, direction=direction).update(
        worked_at=database_now(), failures=0, failed_since=None, last_error="", retry_at=None
    )
    resolve_cases(
        subject_type="mailbox",
        subject_id=str(mailbox.pk),
        code=_KINDS[direction][0].removeprefix("edi."),
        resolution=Resolution.BY_EVENT,
        reason="it works again",
    )


@transaction.atomic
def try_now(*, mailbox_id: int) -> Mailbox:
    """The mailbox, tried again without further waiting in both directions."""
    MailboxLink.objects.filter(mailbox_id=mailbox_id).update(retry_at=None)
    mailbox = Mailbox.objects.select_related("partner").get(pk=mailbox_id)
    Mailbox.objects.filter(pk=mailbox_id).update(polled_at=None)
    return mailbox


def _tell(mailbox: Mailbox, direction: Direction, error: TransportError) -> None:
    kind, what = _KINDS[direction]
    code = kind.removeprefix("edi.")
    if has_open_case(subject_type="mailbox", subject_id=str(mailbox.pk), code=code, tried_again=False):
        return  # tried again and again: counting it up would bury what matters
    open_case(
        kind=kind,
        code=code,
        subject_type="mailbox",
        subject_id=str(mailbox.pk),
        sentence=f"The mailbox {mailbox.path} of {mailbox.partner} {what}: {error}",
        account=mailbox.partner.account,
        data={
            "error": str(error),
            "permanent": error.permanent,
            "mailbox": mailbox.pk,
            "partner": mailbox.partner.code,
        },
    )
