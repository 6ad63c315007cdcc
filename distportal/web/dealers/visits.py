"""From a dealer's name to that dealer's portal: as somebody there sees it, or to order for them."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from distportal.accounts.choices import Role, StaffGroup, VisitKind
from distportal.accounts.models import Account, Membership
from distportal.accounts.visits import LEAST_REASON, begin_visit, end_visits
from distportal.common.errors import DomainError
from distportal.web.audience import PersonRequest, staff_view
from distportal.web.company.forms import PlainForm
from distportal.web.company.inviting import invite
from distportal.web.done import done, tell_errors
from distportal.web.standing import VISIT

TEAM = staff_view(StaffGroup.AGENT)
PER_PAGE = 25


class VisitForm(PlainForm):
    """What for, and why."""

    kind = forms.ChoiceField(
        label="What do you want to do?", choices=VisitKind.choices, initial=VisitKind.LOOK, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label="Why?", min_length=LEAST_REASON, max_length=200,
        help_text="The dealer reads this in the sign-in log. Example: asked by phone to reorder last week's lines.",
    )  # fmt: skip


class AdministratorForm(PlainForm):
    """Whom to make the first administrator of a company."""

    email = forms.EmailField(label="E-mail of an administrator", max_length=254)


@require_GET
@TEAM
def index(request: PersonRequest) -> HttpResponse:
    """Companies by name, code or the address of somebody there, with the people who can be visited."""
    text = request.GET.get("q", "").strip()[:80]
    people = Membership.objects.filter(active=True, user__is_active=True, user__is_staff=False)
    rows = Account.objects.order_by("name").prefetch_related(
        Prefetch("memberships", people.select_related("user").order_by("user__name"), to_attr="people")
    )
    if text:
        by_person = people.filter(Q(user__email__icontains=text) | Q(user__name__icontains=text))
        rows = rows.filter(
            Q(name__icontains=text) | Q(code__istartswith=text) | Q(pk__in=by_person.values("account_id"))
        )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "web/dealers/index.html", {"page": page, "page_obj": page, "q": text})


@require_http_methods(["GET", "POST"])
@TEAM
def begin(request: PersonRequest, membership_id: UUID) -> HttpResponseBase:
    """Begin a visit; without a reason there is none."""
    rows = Membership.objects.filter(active=True, user__is_staff=False).select_related("user", "account")
    row = get_object_or_404(rows, pk=membership_id)
    form = VisitForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        data = form.cleaned_data
        try:
            visit = begin_visit(
                staff=request.user, membership_id=row.pk, kind=VisitKind(data["kind"]), reason=data["reason"]
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            request.session[VISIT] = str(visit.pk)
            return redirect("home")
    return render(
        request, "web/dealers/visit.html", {"member": row, "form": form}, status=422 if form.is_bound else 200
    )


@require_POST
@login_required
def end(request: PersonRequest) -> HttpResponseBase:
    """Back to one's own pages; without a visit nothing happens."""
    if request.session.pop(VISIT, None):
        end_visits(staff=request.user)
        messages.success(request, "The visit is over.")
        return redirect("dealers:index")
    return redirect("home")


@require_POST
@TEAM
def invite_administrator(request: PersonRequest, account_id: UUID) -> HttpResponseBase:
    """Ask somebody to administer a company, which has nobody yet who could."""
    account, form = get_object_or_404(Account, pk=account_id), AdministratorForm(request.POST)
    if not form.is_valid():
        tell_errors(request, form)
        return redirect("dealers:index")
    email = form.cleaned_data["email"]
    return done(
        request,
        lambda: invite(by=request.user, account=account, email=email, role=Role.ADMIN),
        f"Invited {email} to administer {account.name}.",
        "dealers:index",
    )
