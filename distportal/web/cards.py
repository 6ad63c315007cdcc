"""The shell's own place in the navigation."""

from __future__ import annotations

from distportal.web.registry import NavItem, add_nav

add_nav(NavItem(audience="operator", section="Work", title="Mails", url_name="notices:previews", icon="mail", order=60))
