"""Write a note about an account or one of its orders, once for each key of its channel."""

from __future__ import annotations

from django.db import transaction

from distportal.accounts.models import Account
from distportal.common.errors import Invalid
from distportal.events.base import Event
from distportal.events.outbox import publish
from distportal.observability.correlation import correlation_id
from orders.models import AccountNote, Order

LONGEST = 4000


@transaction.atomic
def write_note(
    *, account: Account, text: str, author: str, source: str, source_key: str, order: Order | None = None
) -> AccountNote:
    """The note; the same key again gives the one that is there. Raises Invalid for no text, or too much."""
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise Invalid(f"A note has 1 to {LONGEST:,} characters; nothing was saved.")
    fresh = AccountNote(
        account=account,
        order=order,
        text=text,
        author=author[:120],
        source=source,
        source_key=source_key,
        correlation_id=order.correlation_id if order else correlation_id(),
    )
    AccountNote.objects.bulk_create([fresh], ignore_conflicts=True)
    note = AccountNote.objects.get(source_key=source_key)
    if note.pk == fresh.pk:
        payload = {
            "note": str(note.pk), "account": account.code, "order": str(order.pk) if order else "", "source": source,
        }  # fmt: skip
        publish(Event(type="account.noted", aggregate_type="account", aggregate_id=str(account.pk), payload=payload))
    return note
