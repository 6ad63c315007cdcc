"""Routing rules: read them, try one on yesterday's cases, keep or drop it."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from distportal.accounts.models import Account, User
from distportal.common.errors import DomainError
from distportal.web.audience import PersonRequest, staff_view
from exceptions.models import RoutingRule, StaffSkill
from exceptions.ops.outcome import is_done
from exceptions.process.rules import drop_rule, preview_rule, save_rule
from exceptions.process.skills import change_skill

LEADS = staff_view("operator")


class RuleForm(forms.ModelForm):  # type: ignore[type-arg]
    """One rule; the account by its code."""

    account_code = forms.CharField(max_length=20, required=False, label="Dealer's code")

    class Meta:
        model = RoutingRule
        fields: ClassVar[list[str]] = [
            "position", "name", "active", "kind", "least_amount", "region", "queue", "person", "skill",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = self.fields["person"]
        assert isinstance(people, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        people.queryset = User.objects.filter(is_staff=True, is_active=True).order_by("name")
        if self.instance.account:
            self.fields["account_code"].initial = self.instance.account.code

    def clean_account_code(self) -> str:
        """Sets the rule's account. Raises ValidationError for a code that nobody has."""
        code = str(self.cleaned_data["account_code"]).strip()
        account = Account.objects.filter(code__iexact=code).first() if code else None
        if code and account is None:
            raise forms.ValidationError("No dealer has this code.")
        self.instance.account = account
        return code


@require_http_methods(["GET", "POST"])
@LEADS
def rules(request: PersonRequest, rule_id: int | None = None) -> HttpResponse:
    """All rules, and the form of a new one or of the one that was chosen; trying it saves nothing."""
    rule = get_object_or_404(RoutingRule, pk=rule_id) if rule_id else RoutingRule()
    form = RuleForm(request.POST or None, instance=rule, initial={} if rule_id else {"position": 100, "active": True})
    preview, status = None, 200
    if request.method == "POST" and form.is_valid():
        wanted = form.save(commit=False)
        try:
            if request.POST.get("save"):
                save_rule(wanted)
                messages.success(request, f"The rule {wanted} counts for cases that are opened from now on")
                return redirect("desk:rules")
            preview = preview_rule(wanted)
        except DomainError as error:
            messages.error(request, error.sentence)
            status = 422
    elif request.method == "POST":
        status = 422
    context = {
        "form": form, "rule": rule, "preview": preview,
        "rules": RoutingRule.objects.select_related("account", "queue", "person"),
        "skills": StaffSkill.objects.select_related("user").order_by("skill", "user__name"),
    }  # fmt: skip
    return render(request, "exceptions/ops/rules.html", context, status=status)


@require_POST
@LEADS
def drop(request: PersonRequest, rule_id: int) -> HttpResponse:
    """The rule is gone; what it moved stays."""

    def act() -> str:
        drop_rule(rule_id=rule_id)
        return "The rule is gone; the cases that it brought somewhere stay there"

    is_done(request, act)
    return redirect("desk:rules")


@require_POST
@LEADS
def skills(request: PersonRequest) -> HttpResponse:
    """Somebody has a skill, or has it no more."""
    post = request.POST
    try:
        change_skill(email=post.get("person", ""), skill=post.get("skill", ""), has=not post.get("drop"))
    except DomainError as error:
        messages.error(request, error.sentence)
    return redirect("desk:rules")
