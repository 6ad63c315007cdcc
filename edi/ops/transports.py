"""What operators do to a partner's mailbox from its page."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from distportal.web.audience import PersonRequest, staff_view
from edi.models import Mailbox
from edi.process.checking import ask_for_check, work_again

TEAM = staff_view("operator")


@require_POST
@TEAM
def check_mailbox(request: PersonRequest, mailbox_id: int) -> HttpResponse:
    """The connection is tried in a moment; no file is moved."""
    mailbox = get_object_or_404(Mailbox, pk=mailbox_id)
    ask_for_check(mailbox_id=mailbox.pk)
    messages.info(request, f"The connection of {mailbox} is being tried; what was found stands here in a moment.")
    return _back(request)


@require_POST
@TEAM
def try_mailbox(request: PersonRequest, mailbox_id: int) -> HttpResponse:
    """The mailbox is emptied and brought its files now."""
    mailbox = get_object_or_404(Mailbox, pk=mailbox_id)
    work_again(mailbox_id=mailbox.pk)
    messages.info(request, f"{mailbox} is emptied and brought its files now.")
    return _back(request)


def _back(request: PersonRequest) -> HttpResponse:
    """The page that the button was on, if it is one of ours."""
    target = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return redirect(target if safe and target else "edi:documents")
