"""Job handlers: ids in, one process call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from distportal.events.registry import job_handler
from distportal.events.schedule import tick
from edi.process import keeping  # noqa: F401 - it registers how long bytes are kept
from edi.process.advising import advise_partners
from edi.process.as2_receipt_post import send_receipt
from edi.process.as2_receipts import watch_receipts
from edi.process.batches import take_documents
from edi.process.catalogue import send_catalogue
from edi.process.checking import check_mailbox
from edi.process.deadlines import watch_deadlines
from edi.process.delivery import deliver_files
from edi.process.departing import announce_departure, announce_pressed
from edi.process.inbound import read_file, resend_answers
from edi.process.jobs import (
    ADVISE_JOB,
    CATALOGUE_JOB,
    CHECK_JOB,
    DELIVER_JOB,
    DEPART_JOB,
    DUE_JOB,
    POLL_JOB,
    POLL_ONE_JOB,
    READ_HUGE_JOB,
    READ_JOB,
    RECEIPT_JOB,
    RESEND_JOB,
    SCHEDULE_JOB,
    TAKE_HUGE_JOB,
    TAKE_JOB,
    WATCH_JOB,
    WATCH_TRANSPORTS_JOB,
)
from edi.process.keys import watch_certificates
from edi.process.mailboxes import poll_mailbox, poll_mailboxes
from edi.process.stock_advice import advise_stock
from edi.process.streaming import read_huge_file
from edi.process.watching import watch_acks

WATCH_SECONDS = 300.0
WATCH_TRANSPORTS_SECONDS = 60.0
SCHEDULE_SECONDS = 300.0
DUE_SECONDS = 60.0


@job_handler(POLL_JOB, lane="edi_in", slows=True)
def poll_mailboxes_job(_: Mapping[str, Any]) -> None:
    """Take what partners dropped, and now and then look for answers that are missing."""
    tick(WATCH_JOB, WATCH_SECONDS)
    tick(WATCH_TRANSPORTS_JOB, WATCH_TRANSPORTS_SECONDS)
    tick(SCHEDULE_JOB, SCHEDULE_SECONDS)
    tick(DUE_JOB, DUE_SECONDS)
    poll_mailboxes()


@job_handler(WATCH_JOB, lane="bulk")
def watch_acks_job(_: Mapping[str, Any]) -> None:
    """Tell of 997s that are overdue."""
    watch_acks()


@job_handler(DUE_JOB, lane="bulk")
def watch_deadlines_job(_: Mapping[str, Any]) -> None:
    """Note what is due, announce what cannot wait any longer, warn before a fee is due, tell what was missed."""
    watch_deadlines()
    announce_pressed()


@job_handler(DEPART_JOB, lane="edi_in")
def announce_departure_job(payload: Mapping[str, Any]) -> None:
    """Announce one load."""
    announce_departure(departure_id=UUID(payload["departure"]))


@job_handler(READ_JOB, lane="edi_in")
def read_file_job(payload: Mapping[str, Any]) -> None:
    """Read one stored file."""
    read_file(file_id=UUID(payload["file"]))


@job_handler(READ_HUGE_JOB, lane="bulk", never_waits=True)
def read_huge_file_job(payload: Mapping[str, Any]) -> None:
    """Read more of a spooled file."""
    read_huge_file(file_id=UUID(payload["file"]))


@job_handler(TAKE_HUGE_JOB, lane="bulk", never_waits=True)
def take_huge_document_job(payload: Mapping[str, Any]) -> None:
    """Do what some documents of a spooled file ask for."""
    take_documents(document_ids=_documents(payload), attempt=payload["_attempt"], job=TAKE_HUGE_JOB)


def _documents(payload: Mapping[str, Any]) -> list[UUID]:
    """Jobs that an older version queued name one `document`."""
    return [UUID(pk) for pk in payload.get("documents") or [payload["document"]]]


@job_handler(RESEND_JOB, lane="edi_in", hands_over=True)
def resend_answers_job(payload: Mapping[str, Any]) -> None:
    """Answer a file that was dropped twice with the stored answers."""
    resend_answers(file_id=UUID(payload["file"]))


@job_handler(TAKE_JOB, lane="edi_in")
def take_document_job(payload: Mapping[str, Any]) -> None:
    """Do what some documents ask for."""
    take_documents(document_ids=_documents(payload), attempt=payload["_attempt"])


@job_handler(DELIVER_JOB, lane="edi_out", max_attempts=12, hands_over=True)
def deliver_job(payload: Mapping[str, Any]) -> None:
    """Bring what waits for one partner to its mailbox."""
    deliver_files(partner_code=payload["partner"])


@job_handler(POLL_ONE_JOB, lane="edi_net", quiet=True)
def poll_mailbox_job(payload: Mapping[str, Any]) -> None:
    """Look into one mailbox on another machine."""
    poll_mailbox(mailbox_id=payload["mailbox"])


@job_handler(CHECK_JOB, lane="edi_net")
def check_mailbox_job(payload: Mapping[str, Any]) -> None:
    """Try one mailbox because a person asked."""
    check_mailbox(mailbox_id=payload["mailbox"])


@job_handler(RECEIPT_JOB, lane="edi_net", max_attempts=10, hands_over=True)
def send_receipt_job(payload: Mapping[str, Any]) -> None:
    """Bring one stored AS2 receipt to its address."""
    send_receipt(message_id=UUID(payload["message"]))


@job_handler(WATCH_TRANSPORTS_JOB, lane="bulk")
def watch_transports_job(_: Mapping[str, Any]) -> None:
    """Send again what lacks its AS2 receipt, and tell of certificates that end."""
    watch_receipts()
    watch_certificates()


@job_handler(SCHEDULE_JOB, lane="bulk")
def advise_partners_job(_: Mapping[str, Any]) -> None:
    """Begin the stock advices and catalogues whose time has come."""
    advise_partners()


@job_handler(ADVISE_JOB, lane="bulk")
def advise_stock_job(payload: Mapping[str, Any]) -> None:
    """Tell one partner of stock."""
    advise_stock(partner_code=payload["partner"], slot=payload["slot"], delta=payload["delta"])


@job_handler(CATALOGUE_JOB, lane="bulk")
def send_catalogue_job(payload: Mapping[str, Any]) -> None:
    """Tell one partner of prices."""
    send_catalogue(partner_code=payload["partner"], number=payload["number"])
