"""Numbers that people read aloud, from a database sequence: unique, growing, with gaps where one was rolled back."""

from __future__ import annotations

from django.db import connection


def next_number(sequence: str) -> int:
    """The next value of a sequence that a migration made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s::regclass)", [sequence])
        return int(cursor.fetchone()[0])
