"""Who guesses passwords is stopped; the person, and the others of the same office, sign in all the same."""

from __future__ import annotations

from random import randrange
from typing import Any

import pytest
from django.test import Client

from distportal.accounts.models import User
from distportal.accounts.seeds import DEMO_PASSWORD
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


def some_address() -> str:
    """An address from which nobody has guessed yet: the limits are kept in Redis, over tests too."""
    return f"10.{randrange(256)}.{randrange(256)}.{randrange(1, 255)}"


here = pytest.fixture(some_address, name="here")
elsewhere = pytest.fixture(some_address, name="elsewhere")


def enters(person: User, password: str, *, address: str, forwarded: str = "") -> bool:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    form = {"login": person.email, "password": password}
    answer = Client(REMOTE_ADDR=address, headers=headers).post("/accounts/login/", form)
    assert answer.status_code in (200, 302)
    return bool(answer.status_code == 302)


def guesses(person: User, times: int, **where: str) -> None:
    assert [enters(person, f"guess-{number}", **where) for number in range(times)] == [False] * times


def test_after_five_guesses_not_even_the_right_word_opens_from_there(cast: Cast, here: str) -> None:
    guesses(cast.buyer, 4, address=here)
    assert enters(cast.buyer, DEMO_PASSWORD, address=here)
    guesses(cast.buyer, 1, address=here)
    assert not enters(cast.buyer, DEMO_PASSWORD, address=here)


def test_neither_the_person_elsewhere_nor_the_office_is_locked_out(cast: Cast, here: str, elsewhere: str) -> None:
    guesses(cast.buyer, 6, address=here)
    assert enters(cast.buyer, DEMO_PASSWORD, address=elsewhere)
    assert enters(cast.colleague, DEMO_PASSWORD, address=here)
    guesses(cast.colleague, 5, address=here)
    assert enters(cast.stranger, DEMO_PASSWORD, address=here)


def test_an_address_that_a_client_writes_itself_counts_for_nothing(cast: Cast, here: str) -> None:
    for number in range(5):
        guesses(cast.buyer, 1, address=here, forwarded=f"192.0.2.{number}")
    assert not enters(cast.buyer, DEMO_PASSWORD, address=here, forwarded="192.0.2.99")


def test_behind_our_proxy_the_address_that_it_saw_counts(cast: Cast, settings: Any, here: str, elsewhere: str) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    guesses(cast.buyer, 5, address="127.0.0.1", forwarded=f"192.0.2.1, {here}")
    assert not enters(cast.buyer, DEMO_PASSWORD, address="127.0.0.1", forwarded=f"192.0.2.77, {here}")
    assert enters(cast.buyer, DEMO_PASSWORD, address="127.0.0.1", forwarded=f"192.0.2.1, {elsewhere}")


def test_an_office_full_of_people_signs_in_within_a_minute(cast: Cast, here: str) -> None:
    assert [enters(cast.buyer, DEMO_PASSWORD, address=here) for _ in range(35)] == [True] * 35
