"""Answers without the fields that a client's policy leaves out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from rest_framework.renderers import JSONRenderer

from distportal.web.api.auth import Client
from distportal.web.api.limiting import policy_of


class PolicyJSONRenderer(JSONRenderer):
    """JSON; of what succeeded, only what the caller's policy lets it know."""

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> Any:
        context = renderer_context or {}
        request, response = context.get("request"), context.get("response")
        # Who asks is not asked again about a refusal: where that could not be found out, it would fail once more.
        user = getattr(request, "user", None) if response is not None and response.status_code < 400 else None
        if isinstance(user, Client):
            hidden = policy_of(user.key).hidden_fields
            data = without(data, frozenset(hidden)) if hidden else data
        return super().render(data, accepted_media_type, renderer_context)


def without(data: Any, hidden: Collection[str]) -> Any:
    """The data without the fields of these names, however deep."""
    if isinstance(data, Mapping):
        return {name: without(value, hidden) for name, value in data.items() if name not in hidden}
    if isinstance(data, list | tuple):
        return [without(value, hidden) for value in data]
    return data
