"""What every page's frame needs."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from distportal.events.pressure import pressure
from distportal.web.audience import audiences_of, membership_of
from distportal.web.registry import nav_for, notices


def shell(request: HttpRequest) -> dict[str, Any]:
    """Navigation with counts, and the account a dealer acts for; nothing for people who have not signed in."""
    if not getattr(request, "user", None) or not request.user.is_authenticated or request.path.startswith("/admin/"):
        return {"demo": settings.DEMO}
    sections: dict[str, list[dict[str, Any]]] = {}
    for item in nav_for(audiences_of(request)):
        here = request.resolver_match is not None and request.resolver_match.view_name == item.url_name
        entry = {"item": item, "count": item.count(request) if item.count else 0, "here": here}
        sections.setdefault(item.section, []).append(entry)
    membership = membership_of(request) if not request.user.is_staff else None
    return {
        "nav": sections,
        "acting_for": membership.account if membership else None,
        "demo": settings.DEMO,
        "pressure": SimpleLazyObject(pressure),
        "notices": [(notice.template, SimpleLazyObject(partial(notice.context, request))) for notice in notices()],
    }
