"""EDI's place in the shell."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from distportal.web.registry import NavItem, add_nav
from edi.queries.listing import needing_people


def _needing(request: HttpRequest) -> int:
    user: Any = request.user
    return needing_people(user)


for _audience in ("agent", "operator"):
    add_nav(
        NavItem(
            audience=_audience,
            section="Work",
            title="EDI",
            url_name="edi:documents",
            icon="arrow-left-right",
            order=15,
            count=_needing,
        )
    )
