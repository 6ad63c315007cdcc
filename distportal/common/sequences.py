"""Numbers that people read aloud, from a database sequence: unique, growing, with gaps where one was rolled back."""

from __future__ import annotations

from django.db import connection


def next_number(sequence: str) -> int:
    """The next value of a sequence that a migration made."""
    return next_numbers(sequence, 1)[0]


def next_numbers(sequence: str, count: int) -> list[int]:
    """So many next values, the lowest first, in one query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [sequence, count])
        return [int(number) for (number,) in cursor.fetchall()]
