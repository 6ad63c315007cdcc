"""Migrations are not cut off by the limits that hold for requests."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection


def idle_limit() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW idle_in_transaction_session_timeout")
        return str(cursor.fetchone()[0])


@pytest.mark.django_db
def test_a_migration_may_think_for_longer_than_a_request() -> None:
    assert idle_limit() == "30s"
    call_command("migrate", interactive=False, verbosity=0)
    assert idle_limit() == "0"
