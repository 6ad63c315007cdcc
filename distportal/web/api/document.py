"""The machine-readable document of the API, as the code is now."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer

from distportal.accounts.speaking import ENGLISH


@cache
def current_document() -> dict[str, Any]:
    """OpenAPI 3, in English whoever asks."""
    with translation.override(ENGLISH):
        document: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return document


def as_yaml(document: dict[str, Any]) -> str:
    """The text that is committed."""
    text: bytes = OpenApiYamlRenderer().render(document, renderer_context={})  # type: ignore[no-untyped-call]
    return text.decode()
