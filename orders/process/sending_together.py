"""Bring several commands to the ERP: each by calls of its own, what it said to all of them written down together."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import structlog
from django.conf import settings
from django.db import DatabaseError, connection

from distportal.common.remembering import remembering
from distportal.events.errors import RetryLater
from distportal.observability.correlation import correlated
from distportal.systems.call_log import calls_noted_together
from orders.models import ErpCommand
from orders.process.confirmation import Said, record_confirmations
from orders.process.sending import CommandRefused, bring_command

log = structlog.get_logger(__name__)

BEGIN_WITHIN = 1 / 6
"""Of a job's lease: what is begun later might not come to its end within the rest of it."""


@dataclass(frozen=True, slots=True)
class ToSend:
    """A command and the story that it belongs to."""

    command_id: UUID
    story: UUID


def send_commands(commands: Sequence[ToSend]) -> list[Exception | None]:
    """What `send_command` would have raised for each, in order; None where it is settled."""
    ends = time.monotonic() + settings.JOB_LEASE_SECONDS * BEGIN_WITHIN
    outcomes: dict[UUID, Exception | None] = {}
    said: dict[UUID, Said] = {}
    with remembering(), calls_noted_together():
        rows = ErpCommand.objects.in_bulk([one.command_id for one in commands])
        for one in commands:
            outcomes[one.command_id] = None
            if time.monotonic() > ends:
                outcomes[one.command_id] = RetryLater("those before it took long", after=0.0, counts=False)
                continue
            with correlated(one.story):
                try:
                    state = bring_command(rows[one.command_id])
                except CommandRefused:
                    continue
                except Exception as error:  # noqa: BLE001 - the job of this one alone fails by it
                    outcomes[one.command_id] = _noted(error)
                    continue
            if state is not None:
                said[one.command_id] = Said(state, one.story)
    return list((outcomes | _recorded(said)).values())


def _recorded(said: Mapping[UUID, Said]) -> dict[UUID, Exception | None]:
    """All in one transaction; where one cannot be recorded, each in its own."""
    try:
        record_confirmations(told=said)
    except Exception as error:  # noqa: BLE001 - it comes again for the one whose it is
        log.warning("commands.recorded_apart", commands=len(said), error=str(_noted(error)))
        return {command_id: _recorded_alone(command_id, said[command_id]) for command_id in said}
    return {}


def _recorded_alone(command_id: UUID, said: Said) -> Exception | None:
    try:
        record_confirmations(told={command_id: said})
    except Exception as error:  # noqa: BLE001 - the job of this one alone fails by it
        return _noted(error)
    return None


def _noted(error: Exception) -> Exception:
    """A connection that was lost is lost for this one: the next gets another."""
    if isinstance(error, DatabaseError):
        connection.close_if_unusable_or_obsolete()
    return error
