"""Job handlers: ids in, one process call."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

from distportal.events.registry import job_handler
from orders.process.commands import SEND_JOB
from orders.process.erp_feed import sync_erp
from orders.process.sending import CommandRefused, send_command


@job_handler(SEND_JOB, lane="erp_write", max_attempts=20)
def send_command_job(payload: Mapping[str, Any]) -> None:
    """Bring one command to the ERP."""
    with suppress(CommandRefused):
        send_command(command_id=UUID(payload["command"]))


@job_handler("orders.sync_erp", lane="erp_read")
def sync_erp_job(_: Mapping[str, Any]) -> None:
    """Read what the ERP did with our orders."""
    sync_erp()
