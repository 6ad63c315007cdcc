"""The shell's own place in the navigation."""

from __future__ import annotations

from distportal.accounts.permissions import Act
from distportal.accounts.places import places_to_review
from distportal.web.registry import NavItem, add_nav

add_nav(
    NavItem(
        audience="dealer",
        section="Company",
        title="Company",
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
            count=lambda _: places_to_review().count(),
        )
    )
add_nav(NavItem(audience="operator", section="Work", title="Mails", url_name="notices:previews", icon="mail", order=60))
