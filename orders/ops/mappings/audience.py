"""Who may look at code mappings, and who may change whose."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from distportal.web.audience import audiences_of, staff_view

TEAM = staff_view("agent", "operator")
OPERATORS = staff_view("operator")


def may_change(request: HttpRequest, scope: str) -> bool:
    """Agents settle words of partners and accounts; codes of a system are the operators' business."""
    return "operator" in audiences_of(request) or scope.startswith(("partner:", "account:"))


def want_change(request: HttpRequest, scope: str) -> None:
    """Raises PermissionDenied for who may not change mappings of this scope."""
    if not may_change(request, scope):
        raise PermissionDenied("Codes of other systems are mapped by operators.")
