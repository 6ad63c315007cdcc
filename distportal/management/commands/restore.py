"""`manage.py restore BACKUP`: an empty database and empty folders hold again what a backup holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from distportal.management.backup.ahead import AHEAD
from distportal.management.backup.restoring import restore_backup


class Command(BaseCommand):
    """Says what is there again, or why nothing was touched."""

    help = "Restore a backup into the empty database that DATABASE_URL names."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("backup", type=Path)
        parser.add_argument(
            "--ahead", type=int, default=AHEAD, metavar="N",
            help="numbers of orders, cartons, interchanges and others that are left out, since partners and the ERP "
            "may know them from the time after the backup (default: %(default)s)",
        )  # fmt: skip

    def handle(self, *args: Any, backup: Path, ahead: int, **options: Any) -> None:
        if ahead < 0:
            raise CommandError("--ahead is a number of numbers, 0 or more. Nothing was restored.")
        manifest, done = restore_backup(backup, ahead=ahead)
        rows = sum(manifest.rows.values())
        self.stdout.write(f"{rows:,} rows in {len(manifest.rows)} tables of {manifest.made_at} are there again.")
        for line in done:
            self.stdout.write(line)
