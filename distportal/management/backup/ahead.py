"""A site that knows less than the world around it: what was given out after the backup must not be given out again."""

from __future__ import annotations

from django.db import connection, transaction

from distportal.common.restored import restore_steps

AHEAD = 10_000
"""Numbers left out: more than a portal gives out between two backups."""

# The number ranges that migrations made; those of identity columns belong to their tables and are known to nobody else.
_RANGES = """
SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'S' AND n.nspname = current_schema()
   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('a', 'i'))
 ORDER BY 1
"""


@transaction.atomic
def go_ahead(numbers: int) -> list[str]:
    """What was done, a line each: number ranges left out `numbers`, and every app did what it has to."""
    with connection.cursor() as cursor:
        cursor.execute(_RANGES)
        ranges = [name for (name,) in cursor.fetchall()]
        for name in ranges if numbers else ():
            cursor.execute("SELECT setval(%s::regclass, nextval(%s::regclass) + %s - 1)", [name, name, numbers])
    return [f"{len(ranges)} number ranges go on {numbers:,} later", *(step(numbers) for step in restore_steps())]
