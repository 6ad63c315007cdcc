"""Commands after a restore: what waited then may be in the ERP long since."""

from __future__ import annotations

from django.db import transaction

from distportal.events.clock import database_now
from orders.choices import CommandState
from orders.models import ErpCommand


@transaction.atomic
def doubt_open_commands(numbers: int) -> str:
    """What waited to be sent counts as sent by somebody who was never heard of again: it is looked up first, and sent
    again only when the ERP shows nothing of it twice.
    """
    waiting = ErpCommand.objects.filter(state=CommandState.PENDING)
    rows = waiting.update(state=CommandState.SENDING, last_sent_at=database_now(), empty_lookups=0)
    return f"{rows} commands that waited are looked up in the ERP before they are sent"
