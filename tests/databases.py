"""One migrated template database per state of migrations and policies; each test process works on a fast copy of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.backends.utils import CursorWrapper
from django.db.migrations.loader import MigrationLoader

from distportal.accounts.policies import dealer_policies
from tests.dead_rows import leave_to_us

BUILDING_LOCK = 7_311_902  # any number: all test processes take the same advisory lock


def use_test_database(suffix: str = "") -> str:
    """The name of a fresh copy of the template, which this process is connected to from now on."""
    name = f"{connection.creation._get_test_db_name()}{suffix}"
    template = f"tpl_{migrations_digest()}"
    with connection._nodb_cursor() as cursor:
        cursor.execute("SET lock_timeout = 0")  # on a busy machine the other process builds for long
        cursor.execute("SELECT pg_advisory_lock(%s)", [BUILDING_LOCK])
        try:
            if not _exists(cursor, template):
                _build(cursor, template)
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [BUILDING_LOCK])
    connect_to(name)
    return name


def drop_test_database(name: str) -> None:
    """The copy is gone; the template stays for the next run."""
    connections.close_all()
    _close_pool()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _build(cursor: CursorWrapper, template: str) -> None:
    cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'tpl\\_%%'")
    for (old,) in cursor.fetchall():
        cursor.execute(f'DROP DATABASE IF EXISTS "{old}" WITH (FORCE)')
    building = f"{template}_building"
    cursor.execute(f'CREATE DATABASE "{building}" TEMPLATE template0')
    connect_to(building)
    call_command("migrate", interactive=False, verbosity=0)
    with connection.cursor() as ours:
        leave_to_us(ours)
    connections.close_all()
    _close_pool()
    # Only a finished template gets the name: a run that died half-way leaves nothing that looks like one.
    cursor.execute(f'ALTER DATABASE "{building}" RENAME TO "{template}"')


@contextmanager
def every_migration() -> Iterator[None]:
    """Django knows each migration that was ever made, and none that puts many into one."""
    read = MigrationLoader.load_disk

    def read_all(loader: MigrationLoader) -> None:
        read(loader)
        for key in [key for key, migration in loader.disk_migrations.items() if migration.replaces]:
            del loader.disk_migrations[key]

    MigrationLoader.load_disk = read_all  # type: ignore[method-assign]
    try:
        yield
    finally:
        MigrationLoader.load_disk = read  # type: ignore[method-assign]


def connect_to(name: str) -> None:
    """This process works on the database of that name from now on."""
    connections.close_all()
    _close_pool()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def _close_pool() -> None:
    connection.close_pool()  # type: ignore[attr-defined]


def _exists(cursor: CursorWrapper, name: str) -> bool:
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
    return cursor.fetchone() is not None


def migrations_digest() -> str:
    """Another one with every change of a migration or of the dealers' policies."""
    digest = hashlib.sha256(leave_to_us.__module__.encode())
    for path in sorted(Path(settings.BASE_DIR).glob("**/migrations/0*.py")):
        if ".venv" not in path.parts:
            digest.update(path.read_bytes())
    digest.update("".join(policy.digest for policy in dealer_policies()).encode())
    return digest.hexdigest()[:12]
