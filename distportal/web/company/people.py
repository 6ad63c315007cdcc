"""Users and roles of a company, and who was invited."""

from __future__ import annotations

from uuid import UUID

from allauth.mfa.models import Authenticator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from distportal.accounts.choices import Role
from distportal.accounts.invitations import withdraw_invitation
from distportal.accounts.models import Invitation, Membership
from distportal.accounts.people import bring_back, change_member, take_off
from distportal.accounts.permissions import Act
from distportal.web.audience import PersonRequest, dealer_view
from distportal.web.company.forms import InviteForm, MemberForm
from distportal.web.company.inviting import invite, invite_again
from distportal.web.company.pages import company_page
from distportal.web.done import done


@require_GET
@dealer_view(Act.MANAGE_USERS)
def index(request: PersonRequest) -> HttpResponse:
    """Everybody with role, limits and last sign-in, those taken off last; open invitations, and a form for one more."""
    return _page(request, InviteForm())


def _page(request: PersonRequest, form: InviteForm, status: int = 200) -> HttpResponse:
    members = Membership.objects.filter(account=request.account).select_related("user")
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    guarded = Authenticator.objects.filter(user__memberships__account=request.account, type__in=kinds)
    context = {
        "members": members.order_by("-active", "user__name"),
        "guarded": set(guarded.values_list("user_id", flat=True)),
        "invitations": Invitation.objects.filter(account=request.account, accepted_at=None, withdrawn_at=None),
        "form": form,
        "now": timezone.now(),
    }
    return company_page(request, "people", context, tab="people", status=status)


@require_http_methods(["GET", "POST"])
@dealer_view(Act.MANAGE_USERS)
def member(request: PersonRequest, membership_id: UUID) -> HttpResponseBase:
    """Role and limits of one person."""
    row = get_object_or_404(Membership.objects.select_related("user"), pk=membership_id, account=request.account)
    stored = {"role": row.role, "order_limit": row.order_limit, "daily_limit": row.daily_limit}
    stored["monthly_limit"] = row.monthly_limit
    form = MemberForm(request.POST if request.method == "POST" else None, initial=stored)
    if form.is_valid():
        data = form.cleaned_data
        return done(
            request,
            lambda: change_member(
                by=request.user, account=request.account, membership_id=row.pk, role=Role(data["role"]),
                order_limit=data["order_limit"], daily_limit=data["daily_limit"],
                monthly_limit=data["monthly_limit"],
            ),
            _("%(person)s: changed.") % {"person": row.user},
            "company:people",
        )  # fmt: skip
    context = {"member": row, "form": form, "stands_for": request.account}
    return company_page(request, "member", context, tab="people", status=422 if form.is_bound else 200)


@require_POST
@dealer_view(Act.MANAGE_USERS)
def invite_person(request: PersonRequest) -> HttpResponseBase:
    """Ask somebody by e-mail."""
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    email, role = form.cleaned_data["email"], Role(form.cleaned_data["role"])
    return done(
        request,
        lambda: invite(by=request.user, account=request.account, email=email, role=role),
        _("%(email)s is invited; the mail is on its way.") % {"email": email},
        "company:people",
    )


@require_POST
@dealer_view(Act.MANAGE_USERS)
def send_again(request: PersonRequest, invitation_id: UUID) -> HttpResponseBase:
    """A new link by mail; the one before ends."""
    return done(
        request,
        lambda: invite_again(by=request.user, account=request.account, invitation_id=invitation_id),
        _("A new mail is on its way; the link of the one before has ended."),
        "company:people",
    )


@require_POST
@dealer_view(Act.MANAGE_USERS)
def withdraw(request: PersonRequest, invitation_id: UUID) -> HttpResponseBase:
    """The invitation ends."""
    return done(
        request,
        lambda: withdraw_invitation(by=request.user, account=request.account, invitation_id=invitation_id),
        _("The invitation is withdrawn."),
        "company:people",
    )


@require_POST
@dealer_view(Act.MANAGE_USERS)
def remove(request: PersonRequest, membership_id: UUID) -> HttpResponseBase:
    """The person is not let in any more, at once."""
    return done(
        request,
        lambda: take_off(by=request.user, account=request.account, membership_id=membership_id),
        _("The person is not let in any more."),
        "company:people",
    )


@require_POST
@dealer_view(Act.MANAGE_USERS)
def restore(request: PersonRequest, membership_id: UUID) -> HttpResponseBase:
    """The person is let in again."""
    return done(
        request,
        lambda: bring_back(by=request.user, account=request.account, membership_id=membership_id),
        _("The person is let in again."),
        "company:people",
    )
