"""An event in its envelope: CloudEvents 1.0, structured, as JSON."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from distportal.canonical.base import to_json
from distportal.webhooks.catalogue import PING, EventKind, Told

CONTENT_TYPE = "application/cloudevents+json; charset=utf-8"


def envelope(
    kind: EventKind, told: Told, *, event_id: UUID, account: str, seq: int, occurred_at: dt.datetime
) -> dict[str, Any]:
    """The event as it is sent. `sequence` counts the events of one thing without gaps, for whoever has to put them in
    order: ours may overtake each other.
    """
    return {
        "specversion": "1.0",
        "id": str(event_id),
        "source": f"{settings.PUBLIC_URL}/accounts/{account}",
        "type": kind.name,
        "subject": told.subject,
        "time": occurred_at.astimezone(dt.UTC).isoformat(),
        "datacontenttype": "application/json",
        "dataschema": settings.PUBLIC_URL + reverse("api_event_schema", args=[kind.name]),
        "sequence": f"{seq:012d}",
        "account": account,
        "data": to_json(told.data),
    }


def ping(*, event_id: UUID, account: str, at: dt.datetime) -> dict[str, Any]:
    """What the test button sends."""
    return {
        "specversion": "1.0",
        "id": str(event_id),
        "source": f"{settings.PUBLIC_URL}/accounts/{account}",
        "type": PING,
        "time": at.astimezone(dt.UTC).isoformat(),
        "datacontenttype": "application/json",
        "account": account,
        "data": {"text": "This is a test. Nothing happened."},
    }


def as_text(event: dict[str, Any]) -> str:
    """The bytes that are signed and sent, as text."""
    return json.dumps(event, ensure_ascii=False, separators=(",", ":"))
