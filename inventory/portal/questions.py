"""The way from a search without a result to somebody who knows."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from distportal.accounts.permissions import Act
from distportal.common.errors import DomainError
from distportal.web.audience import PersonRequest, dealer_view
from inventory.process.questions import ask_for_item


@require_POST
@dealer_view(Act.WRITE_MESSAGES)
def ask(request: PersonRequest) -> HttpResponse:
    """Customer service is asked; back to the search as it was."""
    text = request.POST.get("q", "").strip()[:80]
    try:
        number = ask_for_item(
            account=request.account, user=request.user, looked_for=text, question=request.POST.get("question", "")
        )
        messages.success(
            request,
            _("We have your question about “%(text)s” under number %(number)s and write to %(email)s.")
            % {"text": text, "number": number, "email": request.user.email},
        )
    except DomainError as error:
        messages.error(request, error.message)
    return redirect(f"{reverse('catalogue')}?{urlencode({'q': text})}")
