"""`manage.py restore BACKUP`: an empty database and empty folders hold again what a backup holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from distportal.management.backup.restoring import restore_backup


class Command(BaseCommand):
    """Says what is there again, or why nothing was touched."""

    help = "Restore a backup into the empty database that DATABASE_URL names."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("backup", type=Path)

    def handle(self, *args: Any, backup: Path, **options: Any) -> None:
        manifest = restore_backup(backup)
        rows = sum(manifest.rows.values())
        self.stdout.write(f"{rows:,} rows in {len(manifest.rows)} tables of {manifest.made_at} are there again.")
