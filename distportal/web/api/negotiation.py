"""Which form an answer has: the endpoint's own, whatever the caller would rather have."""

from __future__ import annotations

from collections.abc import Iterable

from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request


class OneForm(DefaultContentNegotiation):
    """Never 406: a client that asks for `application/pdf` where it gets a PDF shall have it, and one that asks for XML
    gets what there is.
    """

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        own = next(iter(renderers))
        return own, str(own.media_type)
