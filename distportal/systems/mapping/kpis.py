"""What monitoring reads of codes that nobody has mapped, and the rows of key figures that they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.db.models import Count, Sum
from django.urls import reverse

from distportal.measures.registry import Source, Told, add_source
from distportal.observability.figures import Figure, figure_source
from distportal.systems.mapping.choices import MissingState
from distportal.systems.mapping.models import MissingCode, Waiting
from distportal.systems.mapping.queries import codes_first_seen


@figure_source("mapping")
def mapping_figures() -> Iterable[Figure]:
    """Failed mappings by kind, the work that waits for them and what it is worth: two queries."""
    codes = MissingCode.objects.filter(state=MissingState.OPEN).values_list("kind").annotate(n=Count("pk"))
    waits = Waiting.objects.filter(missing__state=MissingState.OPEN).order_by()
    worth = waits.values_list("currency").annotate(n=Count("pk"), value=Sum("amount"))
    yield Figure(
        name="portal_failed_mappings",
        text="Codes that stopped work and are not mapped",
        samples=tuple(({"kind": kind}, float(n)) for kind, n in codes.order_by("kind")),
    )
    rows = list(worth.order_by("currency"))
    yield Figure(
        name="portal_failed_mappings_waiting",
        text="Pieces of work that wait for a code",
        samples=tuple(({"currency": currency}, float(n)) for currency, n, _ in rows),
    )
    yield Figure(
        name="portal_failed_mappings_value",
        text="Worth of the work that waits for a code",
        samples=tuple(({"currency": currency}, float(value)) for currency, _, value in rows),
    )


def _tell(rows: Sequence[MissingCode]) -> Iterator[Told]:
    for row in rows:
        times = f"seen {row.times} times" if row.times > 1 else "seen once"
        detail = f"{row.scope}, {times}, {row.get_state_display().lower()}"
        yield Told(title=str(row), detail=detail, url=reverse("mappings:code", args=[row.pk]))


add_source(
    Source(kpi="failed_mappings", name="codes", title="Codes nobody had mapped", rows=codes_first_seen, tell=_tell)
)
