"""Who may open EDI pages."""

from __future__ import annotations

from distportal.web.audience import staff_view

TEAM = staff_view("agent", "operator")
