"""What a page of one webhook shows, to dealers and to our own people."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils import timezone

from distportal.web.webhooks.forms import EndpointForm, RangeForm
from distportal.webhooks.choices import DeliveryState
from distportal.webhooks.models import Endpoint

PAGE_SIZE = 25


def endpoint_context(request: HttpRequest, row: Endpoint) -> dict[str, Any]:
    """The endpoint, its newest messages with their last tries, and the forms."""
    chosen = request.GET.get("state", "")
    log = row.deliveries.prefetch_related("tries").defer("body")
    if chosen in DeliveryState.values:
        log = log.filter(state=chosen)
    until = row.old_secret_until
    return {
        "endpoint": row,
        "log": Paginator(log, PAGE_SIZE).get_page(request.GET.get("page")),
        "states": DeliveryState.choices,
        "chosen": chosen,
        "form": EndpointForm(initial=EndpointForm.values_of(row)),
        "range_form": RangeForm(),
        "old_until": until if until and until > timezone.now() else None,
    }
