"""The database's clock: the only one that due times and leases are compared with."""

from __future__ import annotations

import datetime as dt

from django.db import connection
from django.db.models import DateTimeField, Func


class DatabaseNow(Func):
    """`database_now` as part of a statement, so that nobody has to ask for it first."""

    function = "clock_timestamp"
    output_field = DateTimeField()


def database_now() -> dt.datetime:
    """The wall clock of the database at this moment, even inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: dt.datetime = cursor.fetchone()[0]
    return now
