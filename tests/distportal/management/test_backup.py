"""A backup brings back every row, every file and every wall, and refuses whatever it would spoil."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from distportal.accounts.models import Account, ApiKey
from distportal.accounts.policies import dealer_policies
from distportal.accounts.seeds import seed_accounts
from distportal.accounts.wall import behind_wall
from distportal.management.backup.errors import Refused
from distportal.management.backup.manifest import FORMAT, part_of
from distportal.management.backup.postgres import row_counts, tables
from distportal.management.backup.restoring import restore_backup
from distportal.management.backup.taking import remove_older, take_backup
from tests.databases import connect_to, drop_test_database

_ROWS = "SELECT coalesce(md5(string_agg(r::text, '|' ORDER BY r::text)), '') FROM {} r"
_WALL = """
SELECT c.relname, p.polname, pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid),
       obj_description(p.oid, 'pg_policy'), c.relrowsecurity
  FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid ORDER BY 1, 2
"""
_TRIGGERS = """
SELECT c.relname, t.tgname, t.tgenabled FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
 WHERE NOT t.tgisinternal ORDER BY 1, 2
"""


def asked(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def fingerprints() -> dict[str, str]:
    """Every row of every table in one word each."""
    return {table: asked(_ROWS.format(connection.ops.quote_name(table)))[0][0] for table in tables()}


@pytest.fixture
def site(tmp_path: Path, settings: Any) -> Path:
    """Folders of a site of its own."""
    settings.EDI_ROOT, settings.EDI_SPOOL, settings.MEDIA_ROOT = (tmp_path / name for name in ("edi", "spool", "media"))
    (settings.EDI_ROOT / "acme/inbox").mkdir(parents=True)
    (settings.EDI_ROOT / "acme/inbox/a.edi").write_bytes(b"ISA*00*\x00\xff~")
    (settings.EDI_SPOOL / "ab").mkdir(parents=True)
    (settings.EDI_SPOOL / "ab/abcd").write_bytes(b"x" * 300_000)
    return tmp_path


@pytest.fixture
def empty_database() -> Iterator[str]:
    """A second, empty database; this process is connected to the first one again afterwards."""
    first = connection.settings_dict["NAME"]
    second = f"{first}_restored"
    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(f'DROP DATABASE IF EXISTS "{second}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{second}" TEMPLATE template0')
    yield second
    drop_test_database(second)
    connect_to(first)


@pytest.mark.django_db(transaction=True)
def test_rows_files_walls_and_triggers_are_there_again(site: Path, empty_database: str, settings: Any) -> None:
    seed_accounts()
    ApiKey.objects.create_key(name="k", account=Account.objects.get(code="HARBOR"), scopes=["orders:read"])
    [(last,)] = asked("SELECT nextval('orders_order_number')")
    made, manifest = take_backup(site / "backups")
    before, wall, triggers = fingerprints(), asked(_WALL), asked(_TRIGGERS)
    assert manifest.rows == row_counts()
    assert sorted(path.name for path in made.iterdir()) == ["database.dump", "files.tar", "manifest.json"]
    assert oct(made.stat().st_mode)[-3:] == "700"

    with pytest.raises(Refused, match="not empty"):
        restore_backup(made)
    assert fingerprints() == before

    connect_to(empty_database)
    with pytest.raises(Refused, match="holds files"):
        restore_backup(made)
    assert tables() == []

    settings.EDI_ROOT, settings.EDI_SPOOL, settings.MEDIA_ROOT = (site / f"new-{name}" for name in "abc")
    _, done = restore_backup(made, ahead=300)
    assert fingerprints() == before
    assert done[0].endswith("number ranges go on 300 later")
    assert asked("SELECT nextval('orders_order_number')") == [(last + 301,)]
    assert (asked(_WALL), asked(_TRIGGERS)) == (wall, triggers)
    assert len(wall) == len(dealer_policies()) > 35
    with behind_wall([Account.objects.get(code="HARBOR").pk]):
        assert [account.code for account in Account.objects.all()] == ["HARBOR"]
    assert (settings.EDI_ROOT / "acme/inbox/a.edi").read_bytes() == b"ISA*00*\x00\xff~"
    assert (settings.EDI_SPOOL / "ab/abcd").stat().st_size == 300_000


def written(folder: Path, **changed: Any) -> Path:
    """A backup with nothing in it that is true but for its checksums."""
    folder.mkdir()
    for name in ("database.dump", "files.tar"):
        (folder / name).write_bytes(b"nothing")
    parts = {name: {"size": 7, "sha256": part_of(folder / name).sha256} for name in ("database.dump", "files.tar")}
    told = {"format": FORMAT, "made_at": "", "server": 15, "migrations": [], "rows": {}, "parts": parts, **changed}
    (folder / "manifest.json").write_text(json.dumps(told))
    return folder


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"format": FORMAT + 1}, "has format 2"),
        ({"migrations": ["orders.9999_of_the_future"]}, "another version: it has orders.9999_of_the_future"),
        ({"server": 99}, "PostgreSQL 99"),
        ({"parts": {}}, "names , not"),
    ],
)
@pytest.mark.django_db
def test_what_another_version_made_is_refused(tmp_path: Path, changed: dict[str, Any], words: str) -> None:
    before = row_counts()
    with pytest.raises(Refused, match=words):
        restore_backup(written(tmp_path / "b", **changed))
    assert row_counts() == before


@pytest.mark.django_db
def test_what_was_changed_or_cut_off_is_refused(tmp_path: Path) -> None:
    made = written(tmp_path / "b")
    (made / "database.dump").write_bytes(b"nothinG")
    with pytest.raises(Refused, match=r"database\.dump is not the file that was written"):
        restore_backup(made)
    (made / "manifest.json").write_text("{")
    with pytest.raises(Refused, match="cannot be read"):
        restore_backup(made)
    (made / "manifest.json").unlink()
    with pytest.raises(Refused, match="cut off"):
        restore_backup(made)


@pytest.mark.django_db(transaction=True)
def test_a_backup_that_fails_leaves_nothing_behind(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = site / "programs"
    broken.mkdir()
    (broken / "pg_dump").write_text("#!/bin/sh\necho 'the disk is full' >&2\nexit 1\n")
    (broken / "pg_dump").chmod(0o755)
    monkeypatch.setenv("OPS_PG_BIN", str(broken))
    with pytest.raises(Refused, match="no backup was kept: the disk is full"):
        call_command("backup", str(site / "backups"))
    assert list((site / "backups").iterdir()) == []


def test_older_backups_go_and_half_ones_count_for_nothing(tmp_path: Path) -> None:
    for day in (1, 2, 3):
        written(tmp_path / f"distportal-2026010{day}T000000Z")
    shutil.copytree(tmp_path / "distportal-20260103T000000Z", tmp_path / "distportal-20260104T000000Z.partial")
    assert remove_older(tmp_path, keep=2) == ["distportal-20260101T000000Z"]
    assert len(list(tmp_path.iterdir())) == 3
