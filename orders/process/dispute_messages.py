"""A message of the dealer below a dispute answers what we asked."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from distportal.threads.models import Message
from orders.choices import DisputeStatus
from orders.process.dispute_work import answer_question
from orders.process.locks import locked_dispute


@transaction.atomic
def answer_by_message(*, dispute_id: UUID, message_id: int) -> bool:
    """Whether the dispute waited for it; it is in review again, with the message's words in its story."""
    row = locked_dispute(dispute_id)
    if row.status != DisputeStatus.NEED_INFO:
        return False
    message = Message.objects.get(pk=message_id, internal=False)
    answer_question(dispute_id=row.pk, answer=message.text[:1000] or "see the messages", actor=message.author_name)
    return True
