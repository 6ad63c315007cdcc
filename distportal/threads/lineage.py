"""What threads add to a story."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from django.urls import reverse
from django.utils.text import Truncator

from distportal.events.lineage import Step, lineage_provider
from distportal.threads.models import Message


@lineage_provider("threads")
def message_steps(correlation_id: uuid.UUID) -> Iterator[Step]:
    """Each message; dealers do not see what is internal."""
    for row in Message.objects.filter(correlation_id=correlation_id).select_related("thread").order_by("pk"):
        thread = row.thread
        yield Step(
            at=row.written_at, kind="message", title="Note for colleagues" if row.internal else "Message",
            key=f"message:{row.pk}", parent=f"{thread.subject_type}:{thread.subject_id}",
            detail=f"{row.author_name}: {Truncator(row.text).chars(120)}", internal=row.internal,
            url=thread.path or reverse("threads:show", args=[thread.pk]),
        )  # fmt: skip
