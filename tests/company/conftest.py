"""A second company of the same people, and ways to sign in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from distportal.accounts.choices import AccountKind
from distportal.accounts.models import Account, User
from distportal.accounts.seeds import DEMO_PASSWORD
from tests.conftest import Cast


@pytest.fixture
def child(cast: Cast) -> Account:
    """A company whose parent is Harbor, with nobody of its own."""
    return Account.objects.create(code="HARBOR-N", name="North Harbor", kind=AccountKind.DEALER, parent=cast.harbor)


@pytest.fixture
def typed_in() -> Callable[[User], Client]:
    """A client whose person has just typed the password, which pages with secrets ask for."""

    def sign_in(user: User) -> Client:
        client = Client()
        answer = client.post("/accounts/login/", {"login": user.email, "password": DEMO_PASSWORD})
        assert answer.status_code == 302, answer.content
        again = client.post("/accounts/reauthenticate/?next=/", {"password": DEMO_PASSWORD})
        assert again.status_code == 302, again.content
        return client

    return sign_in
