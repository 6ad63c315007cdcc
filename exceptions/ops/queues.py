"""Queues: whose work, by which calendar, and where what nobody takes goes; kept by those who lead."""

from __future__ import annotations

from typing import ClassVar

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from distportal.web.audience import PersonRequest, staff_view
from exceptions.models import Queue
from exceptions.ops.outcome import is_done
from exceptions.process.edit_policies import GROUPS
from exceptions.process.queues import save_queue

LEADS = staff_view("operator")


class QueueForm(forms.ModelForm):  # type: ignore[type-arg]
    """One queue."""

    group = forms.ChoiceField(
        label="Team", choices=[(one, one.capitalize()) for one in GROUPS],
        help_text="Hears of a case that nobody took, unless somebody else wants to",
    )  # fmt: skip

    class Meta:
        model = Queue
        fields: ClassVar[list[str]] = ["name", "group", "calendar", "escalates_to"]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for name, label in (
            ("calendar", "The default calendar"),
            ("escalates_to", "Nowhere: it stays and is more urgent"),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the type checker
            field.empty_label = label


@require_http_methods(["GET", "POST"])
@LEADS
def queues(request: PersonRequest, queue_id: int | None = None) -> HttpResponse:
    """All queues, and the form of a new one or of the one that was chosen."""
    queue = get_object_or_404(Queue, pk=queue_id) if queue_id else Queue()
    form = QueueForm(request.POST or None, instance=queue)
    status = 200
    if request.method == "POST":
        if form.is_valid() and is_done(request, lambda: _saved(form)):
            return redirect("desk:queues")
        status = 422
    rows = Queue.objects.select_related("calendar", "escalates_to")
    context = {"form": form, "chosen": queue, "queues": rows}
    return render(request, "exceptions/ops/queues.html", context, status=status)


def _saved(form: QueueForm) -> str:
    return f"The queue {save_queue(form.save(commit=False))} counts as it is for cases that come from now on"
