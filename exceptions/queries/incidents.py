"""What is asked about incidents."""

from __future__ import annotations

from django.db.models import QuerySet

from exceptions.models import Incident


def ongoing() -> QuerySet[Incident]:
    """Those that go on, worst first."""
    return Incident.objects.filter(ended_at=None).order_by("-severity", "-points", "pk")


def over() -> QuerySet[Incident]:
    """Those that ended, the newest first."""
    return Incident.objects.filter(ended_at__isnull=False).order_by("-pk")
