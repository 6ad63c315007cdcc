"""Edits that a second person looks at, and the policies that say which."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from distportal.web.audience import PersonRequest, staff_view
from exceptions.models import Case, CaseEdit, EditPolicy
from exceptions.ops.outcome import is_done
from exceptions.process.checking import check_edit
from exceptions.process.edit_policies import GROUPS, drop_policy, save_policy
from exceptions.registry import case_kinds

TEAM = staff_view("agent", "operator", "finance")
LEADS = staff_view("operator")


class PolicyForm(forms.ModelForm):  # type: ignore[type-arg]
    """One policy."""

    field = forms.ChoiceField(required=False, label="Field")
    checkers = forms.ChoiceField(
        required=False,
        label="Second person",
        choices=[("", "Anyone else of the desk"), *((one, one) for one in GROUPS)],
    )

    class Meta:
        model = EditPolicy
        fields: ClassVar[list[str]] = ["name", "active", "kind", "field", "least_amount", "checkers"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = sorted({name for kind in case_kinds() for name in kind.fields})
        chosen = self.fields["field"]
        assert isinstance(chosen, forms.ChoiceField)  # noqa: S101 - for the type checker
        chosen.choices = [("", "Any field"), *((name, name.replace("_", " ")) for name in names)]


@require_POST
@TEAM
def check(request: PersonRequest, number: int, edit_id: uuid.UUID) -> HttpResponse:
    """Agree to an edit, refuse it, or take one's own back."""
    case = get_object_or_404(Case, number=number)
    edit = get_object_or_404(CaseEdit, pk=edit_id, case=case)
    agree = request.POST.get("answer") == "agree"
    reason = request.POST.get("reason", "")
    is_done(request, lambda: check_edit(edit_id=edit.pk, agree=agree, reason=reason, user=request.user))
    return redirect("desk:case", number=number)


@require_http_methods(["GET", "POST"])
@LEADS
def policies(request: PersonRequest, policy_id: int | None = None) -> HttpResponse:
    """All policies, and the form of a new one or of the one that was chosen."""
    policy = get_object_or_404(EditPolicy, pk=policy_id) if policy_id else EditPolicy()
    form = PolicyForm(request.POST or None, instance=policy, initial={} if policy_id else {"active": True})
    status = 200
    if request.method == "POST":
        if form.is_valid() and is_done(request, lambda: _saved(form)):
            return redirect("desk:policies")
        status = 422
    context = {"form": form, "policy": policy, "policies": EditPolicy.objects.all()}
    return render(request, "exceptions/ops/policies.html", context, status=status)


def _saved(form: PolicyForm) -> str:
    return f"The policy {save_policy(form.save(commit=False))} counts for edits from now on"


@require_POST
@LEADS
def drop(request: PersonRequest, policy_id: int) -> HttpResponse:
    """The policy is gone; what waits by it waits on."""

    def act() -> str:
        drop_policy(policy_id=policy_id)
        return "The policy is gone; what waits by it waits on"

    is_done(request, act)
    return redirect("desk:policies")
