"""What becomes of an endpoint, told to whoever opens cases and writes notices."""

from __future__ import annotations

from urllib.parse import urlsplit

from distportal.events.base import Event
from distportal.events.outbox import publish
from distportal.webhooks.models import Endpoint


def publish_endpoint_fact(endpoint: Endpoint, what: str) -> None:
    """`webhook.disabled`, `webhook.gave_up` or `webhook.recovered`."""
    payload = {
        "endpoint": str(endpoint.pk),
        "account": endpoint.account.code if endpoint.account else "",
        "name": endpoint.name,
        "host": urlsplit(endpoint.url).hostname or "",
        "reason": endpoint.off_reason,
    }
    publish(Event(type=what, aggregate_type="webhook_endpoint", aggregate_id=str(endpoint.pk), payload=payload))
