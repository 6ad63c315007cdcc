"""The catalogue of events that webhooks can have: a page of ours, and the schema of each as a file."""

from __future__ import annotations

import datetime as dt
import json
from itertools import groupby
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from distportal.web.api.pages import fields_of
from distportal.webhooks.catalogue import EventKind, event_kind, event_kinds
from distportal.webhooks.envelopes import envelope

_EXAMPLE_ID = UUID("6f6c1a52-9a5c-5b0e-8a3d-0d3b7f1d2c12")
_EXAMPLE_AT = dt.datetime(2026, 5, 12, 15, 4, 5, tzinfo=dt.UTC)


@require_GET
@login_required
def catalogue(request: HttpRequest) -> HttpResponse:
    """Every event by what it is about, with the form of its data and an example."""
    groups = [_group(list(kinds)) for _, kinds in groupby(event_kinds(), key=lambda kind: kind.form)]
    return render(request, "web/event_catalogue.html", {"groups": groups})


@require_GET
def schema(request: HttpRequest, event_type: str) -> HttpResponse:
    """The JSON Schema of an event's data; it tells nothing of anybody."""
    kind = event_kind(event_type)
    if kind is None:
        raise Http404
    return JsonResponse(kind.schema, content_type="application/schema+json")


def _group(kinds: list[EventKind]) -> dict[str, object]:
    first = kinds[0]
    parts = {"components": {"schemas": first.schema["$defs"]}}
    account = str(getattr(first.example.data, "account", ""))
    shown = envelope(
        first, first.example, event_id=_EXAMPLE_ID, account=account, seq=1, occurred_at=_EXAMPLE_AT
    )  # fmt: skip
    return {
        "kinds": kinds,
        "title": first.group,
        "text": first.schema["description"].replace("`", ""),
        "fields": fields_of(first.schema, parts),
        "example": json.dumps(shown, indent=2, ensure_ascii=False),
    }
