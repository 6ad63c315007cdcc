"""The shell's own place in the navigation."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from distportal.accounts.choices import PlaceReview
from distportal.accounts.permissions import Act
from distportal.accounts.places import TO_REVIEW
from distportal.threads.choices import Waits
from distportal.threads.reading import WAIT_FOR_DEALER, WAIT_FOR_US, waiting_count, waiting_threads
from distportal.web.account_mails import add_account_samples
from distportal.web.company.inviting import add_invitation_sample
from distportal.web.registry import Asked, Card, NavItem, add_card, add_nav

MOST_SHOWN = 5


def _messages(request: HttpRequest) -> int | Asked:
    user: Any = request.user
    if user.standing:
        return Asked(WAIT_FOR_DEALER, (user.standing.account.pk,))
    return Asked(WAIT_FOR_US, (Waits.STAFF.value,)) if user.is_staff else waiting_count(user)


def _asked(request: HttpRequest) -> dict[str, Any]:
    user: Any = request.user
    rows = list(waiting_threads(user)[: MOST_SHOWN + 1])
    return {"threads": rows[:MOST_SHOWN], "more": len(rows) > MOST_SHOWN}


add_invitation_sample()
add_account_samples()

add_nav(
    NavItem(
        audience="dealer",
        section=_("Company"),
        title=_("Company"),
        url_name="company:index",
        icon="building-2",
        order=95,
        act=Act.VIEW_COMPANY,
    )
)
add_nav(
    NavItem(
        audience="agent",
        section="Dealers",
        title="Dealer portals",
        url_name="dealers:index",
        icon="store",
        order=40,
    )
)
for _audience in ("agent", "operator"):
    add_nav(
        NavItem(
            audience=_audience,
            section="Dealers",
            title="New addresses",
            url_name="dealers:addresses",
            icon="map-pin-plus",
            order=41,
            count=lambda _: Asked(TO_REVIEW, (PlaceReview.PENDING.value,)),
        )
    )
for _audience in ("agent", "operator", "finance"):
    add_nav(
        NavItem(audience=_audience, section="Work", title="Key figures", url_name="kpis:index", icon="gauge", order=14)
    )
for _audience, _words, _place in (
    ("dealer", _("Orders"), 27),
    ("agent", "Work", 13),
    ("operator", "Work", 13),
    ("finance", "Work", 13),
):
    add_nav(
        NavItem(
            audience=_audience, section=_words, title=_("Find a number"), url_name="find_number", icon="waypoints",
            order=_place, act=Act.VIEW_ORDERS,
        )
    )  # fmt: skip
add_nav(NavItem(audience="operator", section="Work", title="Mails", url_name="notices:previews", icon="mail", order=60))
for _audience in ("agent", "operator"):
    add_nav(NavItem(audience=_audience, section="Work", title="Rules", url_name="rules:index", icon="scale", order=58))
add_nav(
    NavItem(
        audience="operator", section="Dealers", title="Personal data", url_name="personal:index", icon="user-round-x",
        order=42,
    )
)  # fmt: skip
for _audience, _words in (
    ("dealer", _("Orders")),
    ("agent", "Work"),
    ("operator", "Work"),
    ("finance", "Work"),
):
    add_nav(
        NavItem(
            audience=_audience, section=_words, title=_("Messages"), url_name="threads:index", icon="messages-square",
            order=28 if _audience == "dealer" else 12, count=_messages, act=Act.VIEW_ORDERS,
        )
    )  # fmt: skip
add_card(Card(audience="dealer", template="web/threads/_asked.html", order=2, context=_asked, act=Act.VIEW_ORDERS))
add_nav(
    NavItem(audience="operator", section="Work", title="Webhooks", url_name="webhooks:index", icon="webhook", order=17)
)
add_nav(
    NavItem(
        audience="operator", section="Work", title="API keys", url_name="house_keys:index", icon="key-round", order=18
    )
)
