"""What every page's frame needs."""

from __future__ import annotations

from functools import cache, partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from distportal.events.pressure import pressure
from distportal.notices.inbox import unread_count
from distportal.web.audience import audiences_of
from distportal.web.registry import nav_for, notices


def shell(request: HttpRequest) -> dict[str, Any]:
    """Navigation with counts, and the account a dealer acts for; nothing for people who have not signed in."""
    if not getattr(request, "user", None) or not request.user.is_authenticated or request.path.startswith("/admin/"):
        return {"demo": settings.DEMO}
    sections: dict[str, list[dict[str, Any]]] = {}
    standing = request.user.standing
    for item in nav_for(audiences_of(request), standing):
        here = request.resolver_match is not None and request.resolver_match.view_name == item.url_name
        entry = {"item": item, "count": item.count(request) if item.count else 0, "here": here}
        sections.setdefault(str(item.section), []).append(entry)
    return {
        "nav": sections,
        "acting_for": standing.account if standing else None,
        "standing": standing,
        "companies": getattr(request, "companies", ()),
        "demo": settings.DEMO,
        # A plain number when it is asked for: plurals of other languages calculate with it.
        "unread_notices": cache(partial(unread_count, request.user)),
        "pressure": SimpleLazyObject(pressure),
        "notices": [(notice.template, SimpleLazyObject(partial(notice.context, request))) for notice in notices()],
    }
