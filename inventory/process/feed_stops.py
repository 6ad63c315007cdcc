"""A feed of the ERP that stands still because of a code that nobody mapped: it is tried on, and one case tells."""

from __future__ import annotations

from django.db import transaction

from distportal.events.jobs import enqueue_job
from distportal.systems.errors import Unmapped
from distportal.systems.mapping.choices import Kind
from distportal.systems.mapping.missing import Missing, Subject, wait_for, wait_no_more
from distportal.systems.mapping.models import MissingCode, Waiting
from distportal.systems.ownership import DEFAULT
from exceptions.choices import Resolution
from exceptions.process.cases import open_case, resolve_cases
from inventory.process.cursors import note_failure

FEED = "feed"
TRY_AGAIN = 60.0
"""Seconds until a feed that stands still is tried again, should nobody map the code here."""


@transaction.atomic
def stop_feed(*, kind: str, job: str, error: Unmapped, of: str = DEFAULT) -> None:
    """What the connection's feed brings waits for the code; nothing of the page was taken, so nothing is lost. `job`
    reads on.
    """
    note_failure(kind, error.message, of=of)
    subject_id = _subject_id(kind, job, of)
    if error.kind in Kind.values and error.scope:
        wait_for(
            subject=Subject(
                type=FEED, id=subject_id, label=f"All that the {kind} feed brings", seen_in=f"{kind} feed of the ERP"
            ),
            missing={Missing(error.scope, error.kind, error.side, code) for code in error.codes},
        )
    open_case(
        kind="erp.feed_stopped",
        code="feed_stopped",
        subject_type=FEED,
        subject_id=subject_id,
        sentence=f"The {kind} feed stands still: {error.message}. What the portal had stays; nothing is lost",
        data={"feed": kind, "codes": list(error.codes), "kind": error.kind},
    )


def feed_goes_on(*, kind: str, job: str, of: str = DEFAULT) -> None:
    """The feed was read to its end: nothing of it waits any more."""
    subject_id = _subject_id(kind, job, of)
    if wait_no_more(subject_type=FEED, subject_ids=[subject_id]):
        resolve_cases(
            subject_type=FEED, subject_id=subject_id, resolution=Resolution.BY_EVENT, reason="the feed was read on"
        )


@transaction.atomic
def read_on(waiting: Waiting, missing: MissingCode) -> bool:
    """The feed is read now instead of at its next try; the wait ends when it was read to its end."""
    job, _, rest = waiting.subject_id.partition("/")
    of = rest.partition("/")[2]
    enqueue_job(job, key=of or "periodic", payload={"connection": of} if of else None)
    return False


def _subject_id(kind: str, job: str, of: str) -> str:
    return f"{job}/{kind}" if of == DEFAULT else f"{job}/{kind}/{of}"
