"""Job handlers of code mappings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from distportal.events.registry import job_handler
from distportal.systems.mapping.editing import SETTLE_JOB
from distportal.systems.mapping.settling import scopes_to_settle, settle_scope
from distportal.systems.mapping.uploads import forget_old_uploads
from distportal.systems.mapping.uses import flush_uses


@job_handler(SETTLE_JOB, lane="orders")
def settle_scope_job(payload: Mapping[str, Any]) -> None:
    """What waited for codes of one scope goes on."""
    settle_scope(scope=str(payload["scope"]))


@job_handler("mapping.tidy", lane="bulk", slows=True)
def tidy(_: Mapping[str, Any]) -> None:
    """Bring counts to their rows, and look for work that could go on and was not told so."""
    flush_uses()
    forget_old_uploads()
    for scope in scopes_to_settle():
        settle_scope(scope=scope, again=True)
