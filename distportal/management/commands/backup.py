"""`manage.py backup FOLDER`: the database and the files that its rows name, with checksums."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from distportal.management.backup.taking import remove_older, take_backup


class Command(BaseCommand):
    """Says where the backup is and what is in it."""

    help = "Back up the database and stored files into a new folder below FOLDER, while the portal runs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--keep", type=int, default=0, help="so many backups are kept, older ones go; 0: all")

    def handle(self, *args: Any, folder: Path, keep: int, **options: Any) -> None:
        made, manifest = take_backup(folder)
        total = sum(part.size for part in manifest.parts.values())
        rows = sum(manifest.rows.values())
        self.stdout.write(f"{made}: {rows:,} rows in {len(manifest.rows)} tables, {total / 1e6:,.1f} MB")
        for name in remove_older(folder, keep=keep) if keep > 0 else []:
            self.stdout.write(f"{name} is older and went")
