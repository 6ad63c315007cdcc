"""The databases of this test process, and the rows that each of them holds between tests."""

from __future__ import annotations

from django.db import connection

from tests.databases import connect_to, drop_test_database
from tests.rows import Rows, kept_rows, leave_only


class Kept:
    """By name; the first is the one that tests work on unless they say otherwise."""

    def __init__(self) -> None:
        self._rows: dict[str, Rows] = {}

    def note(self, name: str) -> None:
        """The database of that name, which this process is connected to, is of this process and begins as it is now."""
        self._rows[name] = kept_rows()

    def use(self, name: str) -> None:
        """Work on that database, or on the first. Who is on one of another's making stays there."""
        wanted, now = name or next(iter(self._rows)), connection.settings_dict["NAME"]
        if now in self._rows and now != wanted:
            connect_to(wanted)

    def restore(self) -> None:
        """The database that this process is on begins anew; one of another's making as the first does."""
        leave_only(self._rows.get(connection.settings_dict["NAME"]) or next(iter(self._rows.values())))

    def drop(self) -> None:
        """None of them is there any more."""
        while self._rows:
            drop_test_database(self._rows.popitem()[0])


kept = Kept()
"""Of this process."""
