"""PostgreSQL's own programs on the portal's database."""

from __future__ import annotations

import os
import subprocess

from django.db import connection

from distportal.embedded.postgres_files import installed
from distportal.management.backup.errors import Refused

_NAMES = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD", "NAME": "PGDATABASE"}
MIGRATIONS = "SELECT app || '.' || name FROM django_migrations ORDER BY 1"


def started(program: str, *args: str) -> subprocess.Popen[str]:
    """The program at work on the database; the password goes by its environment, which other users cannot read."""
    told = {_NAMES[key]: str(value) for key, value in connection.settings_dict.items() if key in _NAMES and value}
    return subprocess.Popen(  # noqa: S603 - a program of ours with arguments of ours
        [str(installed() / program), "--no-password", *args],
        env={**os.environ, **told},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen[str], what: str) -> None:
    """Waits for it. Raises Refused with the program's own words."""
    _, words = process.communicate()
    if process.returncode:
        raise Refused(f"{what}: {words.strip()[-1000:]}")


def tables() -> list[str]:
    """The tables of the portal's schema, by name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1")
        return [name for (name,) in cursor.fetchall()]


def row_counts() -> dict[str, int]:
    """Rows by table, as this transaction sees them."""
    with connection.cursor() as cursor:
        found = {}
        for table in tables():
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608 - a name of the catalogue
            found[table] = int(cursor.fetchone()[0])
        return found


def server_version() -> int:
    """The server's major version."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int / 10000")
        return int(cursor.fetchone()[0])
