"""Every address is for exactly the roles that the table of acts gives it to; a new one without an entry fails here."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from django.test import Client

from distportal.accounts.choices import Role
from distportal.accounts.models import Membership
from distportal.accounts.permissions import ROLES
from tests.architecture.routes import DEALER_ROUTES, OPEN, STAFF, entry, routes
from tests.clients import signed_in
from tests.conftest import Cast


def test_every_named_route_says_who_may_open_it() -> None:
    silent = sorted(name for name in routes() if entry(name) is None)
    assert silent == [], "give each a line in tests/architecture/routes.py: which act does a dealer need for it?"
    assert sorted(DEALER_ROUTES.keys() - routes().keys()) == [], "these routes are gone"


@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_exactly_what_its_acts_include(role: Role, cast: Cast) -> None:
    Membership.objects.filter(user=cast.buyer).update(role=role)
    client = signed_in(cast.buyer)
    wrong = []
    for name, address in routes().items():
        wanted = entry(name)
        if wanted == OPEN:
            continue
        allowed = wanted != STAFF and wanted in ROLES[role]
        for method, status in _answers(client, address):
            if (status != 403) != allowed:
                wrong.append(f"{method} {name}: {status}, but {role} {'may' if allowed else 'may not'}")
    assert wrong == []


def _answers(client: Client, address: str) -> list[tuple[str, int]]:
    """By each method that the address takes; a page of nothing that is there may be 404 for those who are let in."""
    # What a page shows is not asked here.
    with patch("django.template.backends.django.Template.render", return_value=""):
        answers = [("GET", client.get(address).status_code), ("POST", client.post(address).status_code)]
    return [(method, status) for method, status in answers if status != 405]
