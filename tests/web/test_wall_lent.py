"""Nobody is lent a connection that stayed behind the wall of who had it before."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from django.db import connection, transaction

from distportal.accounts.wall import behind_wall
from tests.conftest import Cast

pytestmark = pytest.mark.django_db(transaction=True)


WHO = "current_user || '|' || coalesce(current_setting('app.accounts', true), '')"


def session() -> tuple[int, str]:
    """The number of the connection, and as whom it sees what."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_backend_pid(), {WHO}")
        number, who = cursor.fetchone()
    return int(number), str(who)


@pytest.fixture
def alone(cast: Cast) -> None:
    """The pool is empty: what is given back is what is lent next."""
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]


def test_a_connection_that_is_given_back_inside(cast: Cast, alone: None) -> None:
    _, before = session()
    with behind_wall([cast.harbor.pk]):
        number, inside = session()
        connection.close()
    assert inside == f"distportal_dealer|{cast.harbor.pk}"
    assert session() == (number, before)


def test_a_connection_whose_leaving_was_rolled_back(cast: Cast, alone: None) -> None:
    _, before = session()
    wall = ExitStack()
    wall.enter_context(behind_wall([cast.harbor.pk]))
    with transaction.atomic():
        wall.close()
        transaction.set_rollback(True)
    number, still = session()
    assert still == f"distportal_dealer|{cast.harbor.pk}"
    connection.close()
    assert session() == (number, before)
