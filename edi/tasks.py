"""Job handlers: ids in, one process call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from distportal.events.registry import job_handler
from distportal.events.schedule import tick
from edi.process.deadlines import watch_deadlines
from edi.process.delivery import deliver_files
from edi.process.inbound import read_file, resend_answers
from edi.process.jobs import DELIVER_JOB, DUE_JOB, POLL_JOB, READ_JOB, RESEND_JOB, TAKE_JOB, WATCH_JOB
from edi.process.mailboxes import poll_mailboxes
from edi.process.taking import take_document
from edi.process.watching import watch_acks

WATCH_SECONDS = 300.0
DUE_SECONDS = 60.0


@job_handler(POLL_JOB, lane="edi_in")
def poll_mailboxes_job(_: Mapping[str, Any]) -> None:
    """Take what partners dropped, and now and then look for answers that are missing."""
    tick(WATCH_JOB, WATCH_SECONDS)
    tick(DUE_JOB, DUE_SECONDS)
    poll_mailboxes()


@job_handler(WATCH_JOB, lane="bulk")
def watch_acks_job(_: Mapping[str, Any]) -> None:
    """Tell of 997s that are overdue."""
    watch_acks()


@job_handler(DUE_JOB, lane="bulk")
def watch_deadlines_job(_: Mapping[str, Any]) -> None:
    """Note what is due, warn before a fee is due, tell what was missed."""
    watch_deadlines()


@job_handler(READ_JOB, lane="edi_in")
def read_file_job(payload: Mapping[str, Any]) -> None:
    """Read one stored file."""
    read_file(file_id=UUID(payload["file"]))


@job_handler(RESEND_JOB, lane="edi_in")
def resend_answers_job(payload: Mapping[str, Any]) -> None:
    """Answer a file that was dropped twice with the stored answers."""
    resend_answers(file_id=UUID(payload["file"]))


@job_handler(TAKE_JOB, lane="edi_in")
def take_document_job(payload: Mapping[str, Any]) -> None:
    """Do what one document asks for."""
    take_document(document_id=UUID(payload["document"]))


@job_handler(DELIVER_JOB, lane="edi_out", max_attempts=12)
def deliver_job(payload: Mapping[str, Any]) -> None:
    """Bring what waits for one partner to its mailbox."""
    deliver_files(partner_code=payload["partner"])
