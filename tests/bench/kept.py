"""Databases that a benchmark makes once and keeps, so that its next run begins at once.

Each says in its comment what it was made by and which migrations it has. Where the makers have changed since it is made
anew; where only migrations are new it is brought up to date.
"""

from __future__ import annotations

import hashlib
import inspect
import sys
import time
from collections.abc import Callable, Sequence
from types import ModuleType

from django.core.management import call_command
from django.db import connection

from tests.databases import connect_to, migrations_digest, use_test_database


def use_kept_database(name: str, make: Callable[[], object], makers: Sequence[ModuleType]) -> bool:
    """This process works on the kept database of that name from now on; True where it has been made or migrated just
    now. `make` fills an empty one; `makers` are the modules that say how.
    """
    made_by, migrated = _digest(makers), migrations_digest()
    there = _comment(name)
    if there is None or there.partition(" ")[0] != made_by:
        _make(name, make)
    connect_to(name)
    if there == f"{made_by} {migrated}":
        return False
    call_command("migrate", interactive=False, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(f"COMMENT ON DATABASE \"{name}\" IS '{made_by} {migrated}'")
    return True


def _make(name: str, make: Callable[[], object]) -> None:
    began = time.monotonic()
    making = use_test_database("_making")
    make()
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'ALTER DATABASE "{making}" RENAME TO "{name}"')
    sys.stderr.write(f"{name} was made in {time.monotonic() - began:.0f} s\n")


def _comment(name: str) -> str | None:
    """What is said of the database; None where there is none."""
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT coalesce(shobj_description(oid, 'pg_database'), '') FROM pg_database WHERE datname = %s",
                       [name])  # fmt: skip
        row = cursor.fetchone()
    return row[0] if row else None


def _digest(makers: Sequence[ModuleType]) -> str:
    digest = hashlib.sha256()
    for maker in makers:
        digest.update(inspect.getsource(maker).encode())
    return digest.hexdigest()[:12]
