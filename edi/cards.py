"""EDI's place in the shell."""

from __future__ import annotations

from distportal.web.registry import NavItem, add_nav

for _audience in ("agent", "operator"):
    add_nav(
        NavItem(
            audience=_audience,
            section="Work",
            title="EDI",
            url_name="edi:documents",
            icon="arrow-left-right",
            order=15,
        )
    )
