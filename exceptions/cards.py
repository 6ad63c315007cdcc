"""The desk's place in the shell."""

from __future__ import annotations

from django.http import HttpRequest

from distportal.web.audience import audiences_of
from distportal.web.registry import Asked, Card, NavItem, add_card, add_nav
from exceptions.queries import OPEN_OF, open_cases
from exceptions.queries.listing import worst_first


def _count(request: HttpRequest) -> Asked:
    return Asked(OPEN_OF, (sorted(audiences_of(request)),))


def _home(request: HttpRequest) -> dict[str, object]:
    return {"cases": worst_first(open_cases())[:8]}


for _group in ("agent", "operator"):
    add_nav(
        NavItem(
            audience=_group,
            section="Work",
            title="Exceptions",
            url_name="desk:queue",
            icon="siren",
            order=10,
            count=_count,
        )
    )
    add_nav(
        NavItem(
            audience=_group,
            section="Work",
            title="Dead letters",
            url_name="desk:letters",
            icon="mail-x",
            order=11,
        )
    )
    add_card(Card(audience=_group, template="exceptions/ops/_home.html", order=10, context=_home))
add_nav(
    NavItem(
        audience="finance",
        section="Work",
        title="Exceptions",
        url_name="desk:queue",
        icon="siren",
        order=10,
        count=_count,
    )
)
