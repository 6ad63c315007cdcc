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


def lent_again(number: int) -> str:
    """As whom the connection sees what when the pool lends it the next time."""
    pool = connection.pool  # type: ignore[attr-defined]
    with ExitStack() as held:
        for _ in range(pool.max_size):
            lent = held.enter_context(pool.connection(timeout=60))
            if lent.info.backend_pid == number:
                row = lent.execute(f"SELECT {WHO}")
                return str(row.fetchone()[0])
    raise AssertionError("the pool threw it away")


def test_a_connection_that_is_given_back_inside(cast: Cast) -> None:
    _, before = session()
    with behind_wall([cast.harbor.pk]):
        number, inside = session()
        connection.close()
    assert inside == f"distportal_dealer|{cast.harbor.pk}"
    assert lent_again(number) == before


def test_a_connection_whose_leaving_was_rolled_back(cast: Cast) -> None:
    _, before = session()
    wall = ExitStack()
    wall.enter_context(behind_wall([cast.harbor.pk]))
    with transaction.atomic():
        wall.close()
        transaction.set_rollback(True)
    number, still = session()
    assert still == f"distportal_dealer|{cast.harbor.pk}"
    connection.close()
    assert lent_again(number) == before
