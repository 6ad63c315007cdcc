"""Who may look at a bulk run."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404

from distportal.web.audience import PersonRequest, audiences_of
from exceptions.models import BulkRun
from exceptions.process.bulk.steps import PACED


def run_of(request: PersonRequest, run_id: UUID) -> BulkRun:
    """One's own run; one of dead letters is everybody's who works with them. Raises Http404."""
    run = BulkRun.objects.select_related("by").filter(pk=run_id).first()
    shared = run is not None and run.action in PACED and bool(audiences_of(request) & {"agent", "operator"})
    if run is None or not (run.by == request.user or shared):
        raise Http404
    return run
