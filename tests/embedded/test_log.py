"""What a PostgreSQL whose copy is behind says of its log."""

from __future__ import annotations

import pathlib

import psycopg
import pytest

from distportal.embedded import postgres
from distportal.events.gauges import wal_held


def test_what_a_copy_has_not_fetched_is_counted(state: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    options = postgres._OPTIONS.replace("wal_level=minimal", "wal_level=replica")
    monkeypatch.setattr(postgres, "_OPTIONS", f"{options} -c max_wal_senders=2")
    with psycopg.connect(postgres.start(state), autocommit=True) as server:
        cursor = server.cursor()
        assert wal_held(cursor) == 0
        cursor.execute("SELECT pg_create_physical_replication_slot('copy', true)")
        cursor.execute("CREATE TABLE told AS SELECT n, repeat('x', 100) FROM generate_series(1, 50000) AS n")
        assert 5_000_000 < (wal_held(cursor) or 0) < 50_000_000
        cursor.execute("CREATE ROLE clerk LOGIN")
        cursor.execute("SET ROLE clerk")
        assert 5_000_000 < (wal_held(cursor) or 0) < 50_000_000, "a role that may see little sees slots all the same"
        cursor.execute("RESET ROLE")
        cursor.execute("SELECT pg_drop_replication_slot('copy')")
        assert wal_held(cursor) == 0
