"""What every page's frame needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import HttpRequest
from django.urls import NoReverseMatch
from django.utils.functional import SimpleLazyObject

from distportal.accounts.models import User
from distportal.common.prepared import counted
from distportal.events.pressure import pressure
from distportal.notices.inbox import unread_of
from distportal.web.addresses import address
from distportal.web.audience import audiences_of
from distportal.web.registry import Asked, NavItem, nav_for, notices


def shell(request: HttpRequest) -> dict[str, Any]:
    """Navigation with counts, and the account a dealer acts for; nothing for people who have not signed in."""
    if not getattr(request, "user", None) or not request.user.is_authenticated or request.path.startswith("/admin/"):
        return {"demo": settings.DEMO}
    standing = request.user.standing
    items = nav_for(audiences_of(request), standing)
    wanted = [*(item.count(request) if item.count else 0 for item in items), _unread(request.user)]
    *counts, unread = _numbers(wanted)
    return {
        "nav": _sections(request, items, [(n, _told(n, of)) for n, of in zip(counts, wanted, strict=False)]),
        "acting_for": standing.account if standing else None,
        "standing": standing,
        "companies": getattr(request, "companies", ()),
        "demo": settings.DEMO,
        "unread_notices": unread,
        "pressure": SimpleLazyObject(pressure),
        "notices": [(notice.template, SimpleLazyObject(partial(notice.context, request))) for notice in notices()],
    }


def _sections(
    request: HttpRequest, items: Sequence[NavItem], counts: Sequence[tuple[int, str]]
) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    leads = [_address(item) for item in items]
    here = max((lead for lead in leads if lead and request.path.startswith(lead)), key=len, default=None)
    for item, lead, (count, told) in zip(items, leads, counts, strict=True):
        current = ("page" if lead == request.path else "true") if lead and lead == here else ""
        shown = {"item": item, "href": lead, "count": count, "told": told, "here": current}
        found.setdefault(str(item.section), []).append(shown)
    return found


def _address(item: NavItem) -> str:
    """Where the entry leads; nothing where the site has no such page."""
    try:
        return address(item.url_name)
    except NoReverseMatch:
        return ""


def _unread(user: User) -> int | Asked:
    """A visit shows no bell: what waits there waits for somebody else."""
    return 0 if user.standing and user.standing.visit else Asked(*unread_of(user))


def _told(number: int, of: int | Asked) -> str:
    """`7`, `1,024`, or `99+` where no further was counted."""
    most = of.count.most if isinstance(of, Asked) and of.then is int else None
    return f"{most - 1}+" if most is not None and number >= most else intcomma(number)


def _numbers(wanted: Sequence[int | Asked]) -> Iterator[int]:
    """The counts, those that are asked for in one statement."""
    found = iter(counted([(one.count, one.values) for one in wanted if isinstance(one, Asked)]))
    for one in wanted:
        yield one.then(next(found)) if isinstance(one, Asked) else one
