"""The shell's own places in the navigation."""

from __future__ import annotations

from distportal.accounts.permissions import Act
from distportal.web.registry import NavItem, add_nav

add_nav(
    NavItem(
        audience="dealer",
        section="Company",
        title="What roles may do",
        url_name="company:roles",
        icon="table-properties",
        order=95,
        act=Act.VIEW_COMPANY,
    )
)
