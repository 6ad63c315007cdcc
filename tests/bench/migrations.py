"""`python -m tests.bench.migrations`: an empty database by the short way and by every migration ever made; they must
come to the same, and it says what each takes of this process. A ratio in one run, no clock to pass.
"""

from __future__ import annotations

import os
import time
from contextlib import nullcontext

from distportal.embedded.launcher import ensure_services
from tests.bench.table import Figure, tell

os.environ.update(ensure_services())
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "distportal.settings")

FACTS = {
    "columns": "SELECT table_name, column_name, data_type, udt_name, character_maximum_length, numeric_precision,"
    " numeric_scale, is_nullable, column_default, is_identity FROM information_schema.columns"
    " WHERE table_schema = 'public'",
    "constraints": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated"
    " FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "triggers": "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid), tgenabled FROM pg_trigger"
    " WHERE NOT tgisinternal",
    "functions": "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prolang <> 13",
    "sequences": "SELECT sequencename, start_value, last_value FROM pg_sequences WHERE schemaname = 'public'"
    " AND sequencename <> 'django_migrations_id_seq'",
    "policies": "SELECT tablename, policyname, cmd, roles, qual, with_check FROM pg_policies",
    "tables": "SELECT relname, reloptions, relrowsecurity, relforcerowsecurity FROM pg_class"
    " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'",
    "grants": "SELECT table_name, grantee, privilege_type FROM information_schema.table_privileges"
    " WHERE table_schema = 'public'",
}
"""What makes a database, the order of columns and names that PostgreSQL itself invents left out."""


def facts() -> dict[str, set[tuple[str, ...]]]:
    """What the connected database is made of."""
    from django.db import connection

    found = {}
    with connection.cursor() as cursor:
        for name, query in FACTS.items():
            cursor.execute(query)
            found[name] = {tuple(str(value) for value in row) for row in cursor.fetchall()}
    return found


def built(*, short: bool) -> tuple[float, dict[str, set[tuple[str, ...]]]]:
    """How many seconds of this process an empty database takes, and what it is made of then."""
    from django.core.management import call_command
    from django.db import connection

    from tests.databases import connect_to, drop_test_database, every_migration

    name = f"bench_migrations_{'short' if short else 'long'}"
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    connect_to(name)
    try:
        with nullcontext() if short else every_migration():
            began = time.process_time()
            call_command("migrate", interactive=False, verbosity=0)
            took = time.process_time() - began
        return took, facts()
    finally:
        drop_test_database(name)


def main() -> int:
    """0 if both ways come to the same."""
    import django

    django.setup()
    short_took, short = built(short=True)
    long_took, long = built(short=False)
    differs = 0
    for name in FACTS:
        for mark, rows in (
            ("only by all", long[name] - short[name]),
            ("only by the short way", short[name] - long[name]),
        ):
            differs += len(rows)
            for row in sorted(rows):
                print(f"{name}: {mark}: {row}")
    print(f"short way {short_took:.1f} s, every migration {long_took:.1f} s: {long_took / short_took:.1f} x as long")
    tell(
        [Figure(what="an empty database by every migration", against="by the short way", ratio=long_took / short_took)]
    )
    print("both come to the same" if not differs else f"{differs} differences")
    return 1 if differs else 0


if __name__ == "__main__":
    raise SystemExit(main())
