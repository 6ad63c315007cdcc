"""Who may send a command now: its states between the calls to the ERP, each committed by itself."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import connection, transaction

from distportal.common.marks import A_KEY
from distportal.common.prepared import PreparedRows
from distportal.events.clock import database_now
from distportal.events.errors import RetryLater
from distportal.systems.erp.port import ErpPort
from orders.choices import CommandState
from orders.models import ErpCommand
from orders.process.locks import locked_command

LOOKUP_EVERY = dt.timedelta(seconds=2)
ANSWER_EVERY = dt.timedelta(seconds=30)  # of an ERP that answers by file
EMPTY_LOOKUPS_NEEDED = 2
_COMMAND = PreparedRows(lambda pk: ErpCommand.objects.filter(pk=pk), A_KEY)
_BEGIN = """
UPDATE orders_erpcommand SET state = 'sending', attempts = attempts + 1, last_sent_at = clock_timestamp()
 WHERE id = %s AND state = %s AND content_hash = %s AND attempts = %s
"""


def the_command(command_id: UUID) -> ErpCommand:
    """The command as it is now. Raises ErpCommand.DoesNotExist."""
    return _COMMAND.get(command_id)


def pause(port: ErpPort) -> float:
    """Seconds until the next look at a command whose outcome this ERP has not shown."""
    can = port.capabilities()
    if can.answer_within is not None:
        return min(ANSWER_EVERY, can.answer_within).total_seconds()
    return min(LOOKUP_EVERY, can.settle).total_seconds()


@transaction.atomic
def note_empty_lookup(command_id: UUID, *, looked_at: dt.datetime, settle: dt.timedelta) -> None:
    """Count an empty look-up begun at `looked_at`, after the settle time; the second one gives the command free to be
    sent again. One that began before the last send, before another was noted, or whose command others settled or gave
    free meanwhile says nothing.
    """
    row = locked_command(command_id)
    if row.state not in CommandState.UNCERTAIN or (row.last_lookup_at is not None and looked_at <= row.last_lookup_at):
        return
    row.last_lookup_at = database_now()
    if row.last_sent_at is None or looked_at >= row.last_sent_at + settle:
        row.empty_lookups += 1
    if row.empty_lookups >= EMPTY_LOOKUPS_NEEDED:
        row.empty_lookups = 0
        row.state = CommandState.PENDING
    row.save(update_fields=["last_lookup_at", "empty_lookups", "state"])


@transaction.atomic
def mark_command(command_id: UUID, state: CommandState, *, attempt: int) -> None:
    """What came of that try, unless others settled the command, gave it free or began another try meanwhile: who was
    held up for so long that others took over has nothing to say any more.
    """
    row = locked_command(command_id)
    if row.attempts == attempt and row.state in CommandState.UNCERTAIN and row.state != state:
        row.state = state
        row.save(update_fields=["state"])


def begin_sending(command: ErpCommand, *, wait: float) -> None:
    """`sending`, for the one worker that finds the state, content and number of tries it saw; another one has to look
    again later.

    `command.attempts` is what it counts then. What is to be written has to leave within settings.SEND_WITHIN_SECONDS.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN, [command.pk, command.state, command.content_hash, command.attempts])
        begun = cursor.rowcount
    if not begun:
        raise RetryLater("another worker is at this command, or it was changed", after=wait, counts=False)
    command.attempts += 1
