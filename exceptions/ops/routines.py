"""Routines: kept by those who lead, pressed by everybody of the desk."""

from __future__ import annotations

from typing import ClassVar

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from distportal.common.versions import version_of
from distportal.web.audience import PersonRequest, staff_view
from exceptions.models import Case, Routine
from exceptions.ops.coming_from import case_address, words_before
from exceptions.ops.outcome import is_done
from exceptions.process.routines import drop_routine, run_routine, save_routine

TEAM = staff_view("agent", "operator", "finance")
LEADS = staff_view("operator")


class RoutineForm(forms.ModelForm):  # type: ignore[type-arg]
    """One routine."""

    class Meta:
        model = Routine
        fields: ClassVar[list[str]] = ["name", "active", "kind", "take", "message", "queue", "aside", "hours", "note"]
        widgets: ClassVar[dict[str, forms.Widget]] = {"message": forms.Textarea(attrs={"rows": 4})}


@require_http_methods(["GET", "POST"])
@LEADS
def routines(request: PersonRequest, routine_id: int | None = None) -> HttpResponse:
    """All routines, and the form of a new one or of the one that was chosen."""
    routine = get_object_or_404(Routine, pk=routine_id) if routine_id else Routine()
    form = RoutineForm(request.POST or None, instance=routine)
    status = 200
    if request.method == "POST":
        if form.is_valid() and is_done(request, lambda: _saved(form)):
            return redirect("desk:routines")
        status = 422
    context = {"form": form, "routine": routine, "routines": Routine.objects.select_related("queue")}
    return render(request, "exceptions/ops/routines.html", context, status=status)


def _saved(form: RoutineForm) -> str:
    saved = save_routine(form.save(commit=False))
    return f"“{saved}” is offered {'from now on' if saved.active else 'no more'}"


@require_POST
@LEADS
def drop(request: PersonRequest, routine_id: int) -> HttpResponse:
    """It is offered no more; what it did stays."""

    def act() -> str:
        drop_routine(routine_id=routine_id)
        return "The routine is gone; what it did stays"

    is_done(request, act)
    return redirect("desk:routines")


@require_POST
@TEAM
def use(request: PersonRequest, number: int, routine_id: int) -> HttpResponse:
    """Do all its steps to the case, or none and say why."""
    case = get_object_or_404(Case, number=number)
    version = version_of(request.POST)
    is_done(request, lambda: run_routine(case_id=case.pk, version=version, routine_id=routine_id, user=request.user))
    return redirect(case_address(number, words_before(request)))
