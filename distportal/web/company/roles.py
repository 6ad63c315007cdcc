"""What each role may do, as the table has it that every page asks."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from distportal.accounts.choices import Role
from distportal.accounts.permissions import ROLES, Act
from distportal.web.audience import PersonRequest, dealer_view
from distportal.web.company.pages import company_page


@require_GET
@dealer_view(Act.VIEW_COMPANY)
def show(request: PersonRequest) -> HttpResponse:
    """One row an act, one column a role; the person's own role stands out."""
    rows = [{"act": act, "cells": [(role, act in ROLES[role]) for role in Role]} for act in Act]
    return company_page(request, "roles", {"roles": Role, "rows": rows, "own": Role(request.role)}, tab="roles")
