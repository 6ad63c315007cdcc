"""A company's own rules of approval, and who stands in for whom."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from distportal.accounts.choices import Role
from distportal.accounts.models import Account, User
from distportal.accounts.permissions import Act
from distportal.common.errors import DomainError, NotFound
from distportal.web.audience import PersonRequest, dealer_view
from orders.choices import ApprovalTrigger
from orders.models import ApprovalAbsence, ApprovalRule
from orders.process.approvals.approvers import AGREEING, STANDING_IN
from orders.process.approvals.ruling import WantedRule, add_rule, come_back, remove_rule, stand_in


def _members(account: Account, roles: list[str]) -> QuerySet[User]:
    rows = User.objects.filter(memberships__account=account, memberships__active=True, is_active=True)
    return rows.filter(memberships__role__in=roles).distinct().order_by("name")


class RuleForm(forms.Form):
    """One rule."""

    trigger = forms.ChoiceField(label=_("An order needs approval when"), choices=ApprovalTrigger.choices)
    amount = forms.DecimalField(label=_("Amount"), required=False, min_value=0, max_digits=12, decimal_places=2)
    families = forms.CharField(label=_("Families of items"), required=False, max_length=200)
    role = forms.ChoiceField(label=_("Approved by anybody who is"), choices=[])
    approver = forms.ModelChoiceField(
        User.objects.none(), label=_("or by this person alone"), required=False, empty_label=_("nobody in particular")
    )
    needed = forms.IntegerField(label=_("How many of them"), min_value=1, max_value=5, initial=1)
    own_allowed = forms.BooleanField(label=_("Approvers need nobody for their own orders"), required=False)
    covers_keys = forms.BooleanField(label=_("Also for orders by our API keys"), required=False)

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["role"].choices = [(role, Role(role).label) for role in reversed(AGREEING)]  # type: ignore[attr-defined]
        self.fields["approver"].queryset = _members(account, AGREEING)  # type: ignore[attr-defined]

    def wanted(self) -> WantedRule:
        """The cleaned values."""
        data = dict(self.cleaned_data)
        families = data.pop("families").split(",")
        trigger = ApprovalTrigger(data.pop("trigger"))
        return WantedRule(trigger=trigger, families=families, **data)


class AbsenceForm(forms.Form):
    """Who stands in, and until when."""

    deputy = forms.ModelChoiceField(
        User.objects.none(), label=_("Stands in for you"), empty_label=_("Choose a colleague")
    )
    until_on = forms.DateField(label=_("until the end of"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, account: Account, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["deputy"].queryset = _members(account, STANDING_IN).exclude(pk=user.pk)  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
@dealer_view(Act.MANAGE_APPROVALS)
def rules(request: PersonRequest) -> HttpResponse:
    """The rules in force, and the form of one more."""
    form = RuleForm(request.POST or None, account=request.account)
    if request.method == "POST" and form.is_valid():
        try:
            add_rule(account=request.account, user=request.user, wanted=form.wanted())
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, gettext("The rule is in force from now on."))
            return redirect("orders:approval_rules")
    context = {
        "form": form,
        "rules": ApprovalRule.objects.filter(account=request.account, active=True).select_related("approver"),
    }
    return render(request, "orders/portal/approval_rules.html", context, status=422 if form.errors else 200)


@require_POST
@dealer_view(Act.MANAGE_APPROVALS)
def remove(request: PersonRequest, rule_id: UUID) -> HttpResponse:
    """One rule counts no more."""
    try:
        remove_rule(account=request.account, user=request.user, rule_id=rule_id)
    except NotFound:
        raise Http404 from None
    messages.success(request, gettext("The rule counts no more. What waits keeps waiting."))
    return redirect("orders:approval_rules")


@require_http_methods(["GET", "POST"])
@dealer_view(Act.APPROVE_ORDERS)
def away(request: PersonRequest) -> HttpResponse:
    """A colleague stands in while somebody is away, or not any more."""
    form = AbsenceForm(request.POST if "until_on" in request.POST else None, account=request.account, user=request.user)
    if request.method == "POST":
        try:
            if "until_on" not in request.POST:
                come_back(account=request.account, user=request.user)
                messages.success(request, gettext("Nobody stands in for you any more."))
                return redirect("orders:approval_away")
            if form.is_valid():
                data = form.cleaned_data
                stand_in(
                    account=request.account, user=request.user, deputy_id=data["deputy"].pk, until_on=data["until_on"]
                )
                messages.success(request, gettext("%(who)s stands in for you.") % {"who": data["deputy"]})
                return redirect("orders:approval_away")
        except DomainError as error:
            form.add_error(None, error.message)
    context = {
        "form": form,
        "absence": ApprovalAbsence.objects.filter(account=request.account, user=request.user).first(),
    }
    return render(request, "orders/portal/approval_away.html", context, status=422 if form.errors else 200)
