"""Who may open EDI pages: the desk works with them, finance reads its papers and who exchanges them."""

from __future__ import annotations

from django.http import HttpRequest

from distportal.web.audience import audiences_of, staff_view
from edi.queries.readers import READERS, WORKERS

TEAM = staff_view(*WORKERS)
READ = staff_view(*READERS)


def works_with_edi(request: HttpRequest) -> bool:
    """Whether the person may send, process again and agree, and not only read."""
    return bool(audiences_of(request) & WORKERS)
