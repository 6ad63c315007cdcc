"""After an outage of the database, however long it was, a process asks again with the next request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from psycopg_pool import ConnectionPool, PoolTimeout


class Away(psycopg.Connection[Any]):
    """Refused as long as the server is away."""

    is_away = True

    @classmethod
    def connect(cls, *args: Any, **kwargs: Any) -> Any:
        if cls.is_away:
            raise psycopg.OperationalError("connection refused")
        return super().connect(*args, **kwargs)


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[ConnectionPool[Any]]:
    """As settings make it, of a server that is away; who asks waits for a second."""
    monkeypatch.setattr(Away, "is_away", True)
    asked = {**settings.DATABASES["default"]["OPTIONS"]["pool"], "timeout": 1.0}
    params = connection.get_connection_params()
    kwargs = {key: params[key] for key in ("host", "port", "user", "password", "dbname") if key in params}
    with ConnectionPool(kwargs=kwargs, connection_class=Away, open=False, **asked) as made:
        yield made


@pytest.mark.django_db
def test_a_pool_finds_the_database_as_soon_as_it_is_back(
    pool: ConnectionPool[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(8):  # the pool's own next try would come some seven seconds from now, after a minute's outage in one
        with pytest.raises(PoolTimeout):
            pool.getconn()
    monkeypatch.setattr(Away, "is_away", False)
    with pool.connection(timeout=4.0) as found:
        assert found.execute("SELECT 1").fetchone() == (1,)
