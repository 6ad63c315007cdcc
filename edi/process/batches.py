"""Several documents of a group in one job: taken together where they can be, each by itself where that fails, so that a
bad one harms no sibling.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import structlog

from distportal.common.remembering import remembering
from distportal.events.errors import RetryLater
from distportal.events.jobs import enqueue_job
from edi.models import Document
from edi.process.jobs import TAKE_JOB
from edi.process.taking import TAKERS, foresee_documents, take_document, take_together

log = structlog.get_logger(__name__)

BATCH = 25
"""Documents of one job, which are placed in one transaction: enough to share its cost, few enough that what it locks is
free again within half a second.
"""


def queue_documents(documents: Sequence[Document], *, job: str = TAKE_JOB) -> None:
    """What follows these documents of one partner is on its way after the commit, in turns with that of others; those
    of sets that nobody takes are left out.
    """
    wanted = [str(document.pk) for document in documents if document.set_id in TAKERS]
    for start in range(0, len(wanted), BATCH):
        part = wanted[start : start + BATCH]
        enqueue_job(job, key=part[0], payload={"documents": part}, share=documents[0].partner.code)


def take_documents(*, document_ids: Sequence[UUID], attempt: int = 1, job: str = TAKE_JOB) -> None:
    """Each document was taken, or has a job of its own now. Raises RetryLater when some must wait; they wait together.

    A batch that comes again was cut off, perhaps by one of its documents: each gets a job of its own then.
    """
    if len(document_ids) == 1:
        take_document(document_id=document_ids[0])
        return
    if attempt > 1:
        for document_id in document_ids:
            _queue_alone(document_id, job)
        return
    with remembering():
        foresee_documents(document_ids)
        _take_each(document_ids, job)


def _take_each(document_ids: Sequence[UUID], job: str) -> None:
    waits: RetryLater | None = None
    for document_id in _not_taken_together(document_ids):
        try:
            take_document(document_id=document_id)
        except RetryLater as error:
            waits = waits or error
        except Exception:  # its own job keeps what happens when it is tried again; its siblings go on
            log.exception("edi.document_failed", document=str(document_id))
            _queue_alone(document_id, job)
    if waits:
        raise waits


def _not_taken_together(document_ids: Sequence[UUID]) -> Sequence[UUID]:
    """Those that are left to be taken one at a time: all of them where one spoiled it for the others."""
    try:
        return take_together(document_ids)
    except RetryLater:
        raise
    except Exception:  # nothing was done: the one that fails shows itself when each is taken alone
        log.exception("edi.batch_taken_apart", documents=[str(pk) for pk in document_ids])
        return document_ids


def _queue_alone(document_id: UUID, job: str) -> None:
    # The batch is known by its first document: a job of that name is this one, which ends by being done.
    enqueue_job(job, key=f"{document_id}/alone", payload={"documents": [str(document_id)]})
