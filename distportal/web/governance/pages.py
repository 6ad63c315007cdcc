"""Rules of the house and of partners: how each was, is, and will be."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import modelform_factory
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from distportal.accounts.choices import StaffGroup
from distportal.common.errors import NotFound
from distportal.governance.choices import PlanState
from distportal.governance.differences import differences
from distportal.governance.models import PlannedChange
from distportal.governance.planning import plan_change, withdraw_change
from distportal.governance.registry import RuleKind, rule_kind, rule_kinds
from distportal.governance.versions import versions_of
from distportal.web.audience import PersonRequest, staff_view
from distportal.web.done import done

TEAM = staff_view(StaffGroup.OPERATOR, StaffGroup.AGENT)
OPERATORS = staff_view(StaffGroup.OPERATOR)


class PlanForm(forms.ModelForm):  # type: ignore[type-arg]
    """The values of a rule, from when to when, and why. Constraints of the table are the process's to judge."""

    effective_on = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(
        label="Until, not including", required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Empty: for good",
    )  # fmt: skip
    reason = forms.CharField(label="Why", max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.TypedChoiceField) and field.required:  # a rule has a value: none is no choice
                offered: Any = field.choices
                field.choices = [(value, label) for value, label in offered if value != ""]
        if "data" in self.fields:
            self.fields["data"].label = "Figures"
            self.fields["data"].help_text = 'By their names, as {"days": 30}. Empty braces: none.'

    def validate_unique(self) -> None:
        """The rule is there and stays; its names do not change."""

    def validate_constraints(self) -> None:
        """As above."""


@require_GET
@TEAM
def index(request: PersonRequest) -> HttpResponse:
    """Every rule by sort, and what is planned for it."""
    waits = PlannedChange.objects.filter(state__in=PlanState.WAITS).order_by("effective_on")
    planned: dict[tuple[str, str], list[PlannedChange]] = {}
    for change in waits:
        planned.setdefault((change.kind, change.subject), []).append(change)
    sorts = [(kind, [_shown(kind, row, planned) for row in _rows(kind)]) for kind in rule_kinds()]
    return render(request, "web/governance/index.html", {"sorts": sorts})


@require_http_methods(["GET", "POST"])
@TEAM
def rule(request: PersonRequest, kind: str, rule_id: str) -> HttpResponseBase:
    """One rule: its values, what is planned with its differences, its versions, and a form for one more change."""
    try:
        known = rule_kind(kind)
    except NotFound as error:
        raise Http404 from error
    row = known.found(_rows(known), rule_id)
    if row is None:
        raise Http404
    form = _form(known)(request.POST if request.method == "POST" else None, instance=row)
    if request.method == "POST" and form.is_valid():
        return _planned(request, known, str(row.pk), form.cleaned_data)
    row = _rows(known).get(pk=rule_id)  # the form wrote into the other one
    now = known.values_of(row)
    changes = [
        (change, differences({name: now[name] for name in change.values}, change.values))
        for change in PlannedChange.objects.filter(kind=kind, subject=str(row.pk)).select_related("planned_by")[:50]
    ]
    context = {
        "kind": known, "about": known.about(row), "values": differences({}, now), "changes": changes, "form": form,
        "versions": versions_of(known, row.pk), "states": PlanState, "rule_id": rule_id,
    }  # fmt: skip
    return render(request, "web/governance/rule.html", context, status=422 if form.is_bound else 200)


@require_POST
@OPERATORS
def withdraw(request: PersonRequest, change_id: int) -> HttpResponseBase:
    """A planned change will not be."""
    told = "The change is withdrawn."
    return done(request, lambda: withdraw_change(by=request.user, change_id=change_id), told, "rules:index")


def _planned(request: PersonRequest, known: RuleKind, rule_id: str, data: dict[str, Any]) -> HttpResponseBase:
    values = {name: data[name] for name in known.fields}
    return done(
        request,
        lambda: plan_change(
            by=request.user, kind=known.name, subject=rule_id, values=values, effective_on=data["effective_on"],
            ends_on=data["ends_on"], reason=data["reason"],
        ),
        "The change is planned.",
        "rules:rule", known.name, rule_id,
    )  # fmt: skip


def _form(known: RuleKind) -> Any:
    return modelform_factory(known.model, form=PlanForm, fields=known.fields)


def _rows(known: RuleKind) -> Any:
    return known.model._base_manager.select_related(*known.related).order_by("pk")


def _shown(kind: RuleKind, row: Any, planned: dict[tuple[str, str], list[PlannedChange]]) -> dict[str, Any]:
    return {"pk": row.pk, "about": kind.about(row), "planned": planned.get((kind.name, str(row.pk)), [])}
