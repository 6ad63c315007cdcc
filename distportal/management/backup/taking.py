"""Take a backup while everything runs."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

from django.db import connection, transaction

from distportal.management.backup.files import pack_files
from distportal.management.backup.manifest import DATABASE, FILES, FORMAT, MANIFEST, Manifest, part_of, write_manifest
from distportal.management.backup.postgres import MIGRATIONS, ended, row_counts, server_version, started

PREFIX = "distportal-"
PARTIAL = ".partial"


def take_backup(into: Path) -> tuple[Path, Manifest]:
    """The folder of the backup and what it says of itself. Raises Refused; what was half written is gone then.

    The database comes first, from one snapshot; files are written before the row that names them, so none is missing.
    """
    now = dt.datetime.now(dt.UTC)
    name = f"{PREFIX}{now:%Y%m%dT%H%M%S}Z"
    partial = into / f"{name}{PARTIAL}"
    partial.mkdir(mode=0o700, parents=True)
    try:
        migrations, rows = _dump(partial / DATABASE)
        pack_files(partial / FILES)
        manifest = Manifest(
            format=FORMAT,
            made_at=now.isoformat(timespec="seconds"),
            server=server_version(),
            migrations=migrations,
            rows=rows,
            parts={part: part_of(partial / part) for part in (DATABASE, FILES)},
        )
        write_manifest(partial, manifest)
    except BaseException:
        shutil.rmtree(partial)
        raise
    return partial.rename(into / name), manifest


@transaction.atomic
def _dump(target: Path) -> tuple[tuple[str, ...], dict[str, int]]:
    """Migrations and rows that the dump holds: PostgreSQL's program reads the snapshot of this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        process = started("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={target}")
        try:
            cursor.execute(MIGRATIONS)
            migrations = tuple(name for (name,) in cursor.fetchall())
            rows = row_counts()
        except BaseException:
            process.kill()
            process.wait()
            raise
        ended(process, "the database could not be dumped, no backup was kept")
    return migrations, rows


def remove_older(into: Path, *, keep: int) -> list[str]:
    """The names of whole backups that went because `keep` newer ones are there."""
    whole = sorted(path.parent for path in into.glob(f"{PREFIX}*/{MANIFEST}") if path.parent.suffix != PARTIAL)
    for old in whole[:-keep]:
        shutil.rmtree(old)
    return [old.name for old in whole[:-keep]]
