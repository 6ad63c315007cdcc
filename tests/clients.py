"""People at the test client."""

from __future__ import annotations

from django.test import Client

from distportal.accounts.models import User


def signed_in(user: User) -> Client:
    """A client that the person has signed in with."""
    client = Client()
    client.force_login(user)
    return client


def main_of(page: str) -> str:
    """What the page itself holds, without what stands around all pages."""
    return page.partition("<main")[2].partition("</main>")[0]
