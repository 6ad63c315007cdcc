"""What a process refuses on a page of the back office is told there."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from unfold.admin import ModelAdmin

from distportal.common.errors import DomainError


class TellsRefusals(ModelAdmin):  # type: ignore[misc]
    """Before an admin whose rows are saved by process functions."""

    def refusal(self, error: DomainError) -> str:
        """The words in which it is told."""
        return error.message

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """What the process refuses is told, and nothing is changed."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)  # type: ignore[no-any-return]
        except DomainError as error:
            messages.error(request, self.refusal(error))
            return HttpResponseRedirect(request.get_full_path())
