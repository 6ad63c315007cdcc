"""One job a connection: an ERP that does not answer holds up nobody but itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from distportal.events.jobs import enqueue_job
from distportal.systems.ownership import DEFAULT, beside


@transaction.atomic
def connection_of(kind: str, payload: Mapping[str, Any]) -> str:
    """The connection that this job is for. The periodic one is for the house's own ERP, and first wakes those of the
    ERPs beside it.
    """
    if "connection" in payload:
        return str(payload["connection"])
    for name in beside():
        enqueue_job(kind, key=name, payload={"connection": name})
    return DEFAULT
