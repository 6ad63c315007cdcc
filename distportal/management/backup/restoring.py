"""Bring a backup back into an empty database and empty folders."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader

from distportal.accounts.raising import have_role
from distportal.management.backup.ahead import AHEAD, go_ahead
from distportal.management.backup.errors import Refused
from distportal.management.backup.files import refuse_used_folders, unpack_files
from distportal.management.backup.manifest import DATABASE, FILES, Manifest, read_manifest
from distportal.management.backup.postgres import ended, row_counts, server_version, started, tables


def restore_backup(folder: Path, *, ahead: int = AHEAD) -> tuple[Manifest, list[str]]:
    """The manifest of what is there again, and lines that tell what was done because the world went on meanwhile.

    Migrations that this version has and the backup has not are run, and the dealers' wall is raised. Raises Refused;
    the database is then as it was: all of it came or nothing.
    """
    manifest = read_manifest(folder)
    _refuse_foreign(manifest)
    if tables():
        raise Refused("the database is not empty; nothing was restored. Name a new one in DATABASE_URL.")
    refuse_used_folders()
    if settings.DEALER_DATABASE_ROLE:
        with connection.cursor() as cursor:
            have_role(cursor, settings.DEALER_DATABASE_ROLE)
    connections.close_all()
    # Owners and grants are this site's: `migrate` gives the dealers' role its own, deploy/database/ the others.
    flags = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
    database = f"--dbname={connection.settings_dict['NAME']}"
    ended(started("pg_restore", *flags, database, str(folder / DATABASE)), "nothing was restored")
    if row_counts() != dict(manifest.rows):
        raise Refused("the restored tables have other numbers of rows than the backup noted: do not use this database")
    unpack_files(folder / FILES)
    call_command("migrate", interactive=False, verbosity=0)
    return manifest, go_ahead(ahead)


def _refuse_foreign(manifest: Manifest) -> None:
    """A newer version's tables cannot be used by this code, nor a newer server's dump be read by an older server."""
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if foreign := sorted(set(manifest.migrations) - known):
        raise Refused(
            f"the backup was made by another version: it has {foreign[0]} and {len(foreign) - 1} more migrations "
            "that this version does not know. Nothing was restored; restore it with the version that made it."
        )
    if manifest.server > server_version():
        raise Refused(
            f"the backup is of PostgreSQL {manifest.server}, this server is {server_version()}: use a newer one"
        )
