"""What tests roll back stays in the files of their tables until somebody sweeps it; later tests read past it."""

from __future__ import annotations

from django.db import connection
from django.db.backends.utils import CursorWrapper

MOST = 4 * 1024 * 1024
"""Bytes of a table that are left to the next test; between tests hardly any row of them is alive."""
_GROWN = """
SELECT quote_ident(relname) FROM pg_class
 WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND pg_relation_size(oid) > %s
"""
_OURS_TO_SWEEP = """
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT quote_ident(relname) FROM pg_class
               WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' LOOP
    EXECUTE format('ALTER TABLE %s SET (autovacuum_enabled = false)', name);
  END LOOP;
END $$
"""


def leave_to_us(cursor: CursorWrapper) -> None:
    """The server sweeps no table of this database by itself. It would come while a test holds its tables, could not
    cut the files, and would leave the planner tables of many pages without a row in them: joins are then planned for
    one row, and a test that brings a thousand waits for a million steps.
    """
    cursor.execute(_OURS_TO_SWEEP)


def sweep_dead_rows() -> None:
    """Tables that grew are cut back to the rows that live; to be called between tests, outside of any transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_GROWN, [MOST])
        for (name,) in cursor.fetchall():
            cursor.execute(f"VACUUM {name}")
