"""What cases add to a story."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from django.urls import reverse

from distportal.events.finding import number_finder
from distportal.events.lineage import Step, lineage_provider
from exceptions.models import Case
from exceptions.queries.numbers_in_hand import cases_numbered

number_finder("0 cases")(cases_numbered)


@lineage_provider("exceptions")
def case_steps(correlation_id: uuid.UUID) -> Iterator[Step]:
    """Each case, and its end."""
    for case in Case.objects.filter(correlation_id=correlation_id):
        url, key, parent = (
            reverse("desk:case", args=[case.number]),
            f"case:{case.pk}",
            f"{case.subject_type}:{case.subject_id}",
        )
        yield Step(
            at=case.created_at, kind="case", title=f"Case {case}", key=key, parent=parent, detail=case.sentence,
            url=url, state=case.status, internal=True,
        )  # fmt: skip
        if case.resolved_at:
            yield Step(
                at=case.resolved_at, kind="check", title=f"Case {case} resolved", key=f"{key}:end", parent=key,
                detail=case.get_resolution_display(), url=url, internal=True,
            )  # fmt: skip
