"""Try a mailbox without moving a file."""

from __future__ import annotations

from django.db import transaction

from distportal.events.clock import database_now
from distportal.events.jobs import enqueue_job
from distportal.systems.sftp.base import TransportError
from edi.models import Mailbox
from edi.process.jobs import CHECK_JOB, POLL_ONE_JOB
from edi.process.links import try_now
from edi.process.outbound import queue_delivery
from edi.transports.registry import KINDS, opened


@transaction.atomic
def ask_for_check(*, mailbox_id: int) -> None:
    """The mailbox is tried in a moment; until then its page says so."""
    Mailbox.objects.filter(pk=mailbox_id).update(checked_at=None, check_passed=None, check_result="being tried now")
    enqueue_job(CHECK_JOB, key=str(mailbox_id), payload={"mailbox": mailbox_id})


def check_mailbox(*, mailbox_id: int) -> bool:
    """Whether it works; the sentence that says what was found is on the mailbox."""
    mailbox = Mailbox.objects.select_related("partner").get(pk=mailbox_id)
    try:
        with opened(mailbox) as transport:
            passed, sentence = True, transport.check()
    except TransportError as error:
        passed, sentence = False, str(error)
    _note(mailbox_id=mailbox_id, passed=passed, sentence=sentence)
    return passed


@transaction.atomic
def work_again(*, mailbox_id: int) -> Mailbox:
    """The mailbox, emptied and brought its files now instead of at the next try."""
    mailbox = try_now(mailbox_id=mailbox_id)
    if KINDS[mailbox.transport].polled:
        enqueue_job(POLL_ONE_JOB, key=str(mailbox.pk), payload={"mailbox": mailbox.pk})
    queue_delivery(mailbox.partner)
    return mailbox


@transaction.atomic
def _note(*, mailbox_id: int, passed: bool, sentence: str) -> None:
    Mailbox.objects.filter(pk=mailbox_id).update(
        checked_at=database_now(), check_passed=passed, check_result=sentence[:400]
    )
