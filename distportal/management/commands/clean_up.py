"""`manage.py clean_up [--dry-run]`: what the hourly job does, now; or what it would do."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from distportal.events.retention import count_old, days_kept, remove_old, removers, retentions


class Command(BaseCommand):
    """Removes rows that are older than they are kept, and says how many of each name."""

    help = "Remove what is older than it is kept (docs/retention.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count what would go, and change nothing")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        for retention in retentions():
            count = count_old(retention) if dry_run else remove_old(retention)[0]
            self._tell(retention.name, f"{days_kept(retention):g} days", count, dry_run=dry_run)
        for remover in removers():
            count = remover.count() if dry_run else remover.remove(None)[0]
            self._tell(remover.name, remover.kept, count, dry_run=dry_run)

    def _tell(self, name: str, kept: str, count: int, *, dry_run: bool) -> None:
        self.stdout.write(f"{name:<20} {kept:<12} {count} {'would go' if dry_run else 'went'}")
