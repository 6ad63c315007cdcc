"""The catalogue's place in the shell."""

from __future__ import annotations

from distportal.web.registry import NavItem, add_nav

add_nav(
    NavItem(audience="dealer", section="Order", title="Catalogue", url_name="catalogue", icon="layout-grid", order=10)
)
