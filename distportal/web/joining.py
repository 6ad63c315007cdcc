"""The link of an invitation: for people with a sign-in and for those who get one here."""

from __future__ import annotations

from allauth.account.utils import perform_login
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from distportal.accounts.invitations import accept_invitation, invitation_behind
from distportal.accounts.models import Invitation, Membership, User
from distportal.accounts.wall import outside_wall
from distportal.common.errors import DomainError, Invalid
from distportal.web.company.forms import PlainForm
from distportal.web.standing import COMPANY


class JoinForm(PlainForm):
    """Name and password of somebody who has no sign-in yet."""

    name = forms.CharField(
        label=gettext_lazy("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = forms.CharField(
        label=gettext_lazy("Choose a password"), help_text=gettext_lazy("At least 12 characters."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip


@never_cache
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponseBase:
    """Accept an invitation. A link that is not good any more says why (410); looking at it changes nothing."""
    with outside_wall():  # whoever has the link may know of the company before they belong to it
        return _answer(request, token)


def _answer(request: HttpRequest, token: str) -> HttpResponseBase:
    try:
        invitation = invitation_behind(token)
    except DomainError as error:
        return render(request, "web/joining/over.html", {"text": error.message}, status=410)
    if request.user.is_authenticated:
        return _join_as(request, request.user, invitation, token)
    if User.objects.filter(email=invitation.email).exists():
        return render(request, "web/joining/sign_in.html", {"invitation": invitation})
    return _join_anew(request, invitation, token)


def _join_as(request: HttpRequest, user: User, invitation: Invitation, token: str) -> HttpResponseBase:
    mine = user.email.lower() == invitation.email
    if request.method == "POST" and mine:
        try:
            membership = accept_invitation(token=token, user=user)
        except DomainError as error:
            return render(request, "web/joining/over.html", {"text": error.message}, status=410)
        return _welcome(request, membership, redirect("home"))
    context = {"invitation": invitation, "mine": mine}
    return render(request, "web/joining/accept.html", context, status=200 if mine else 403)


def _join_anew(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponseBase:
    form = JoinForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            membership = accept_invitation(token=token, **form.cleaned_data)
        except Invalid as error:
            for name, errors in error.data.get("fields", {}).items():
                form.add_error(name, errors)
        except DomainError as error:
            return render(request, "web/joining/over.html", {"text": error.message}, status=410)
        else:
            signed_in: HttpResponse = perform_login(request, membership.user, redirect_url="/")
            return _welcome(request, membership, signed_in)
    context = {"invitation": invitation, "form": form}
    return render(request, "web/joining/new.html", context, status=422 if form.is_bound else 200)


def _welcome(request: HttpRequest, membership: Membership, answer: HttpResponse) -> HttpResponse:
    request.session[COMPANY] = str(membership.account_id)
    messages.success(request, _("Welcome to %(company)s.") % {"company": membership.account.name})
    return answer
