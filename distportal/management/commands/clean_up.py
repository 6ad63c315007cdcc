"""`manage.py clean_up [--dry-run]`: what the hourly job does, now; or what it would do."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from distportal.events.retention import count_old, days_kept, remove_old, retentions


class Command(BaseCommand):
    """Removes rows that are older than they are kept, and says how many of each name."""

    help = "Remove what is older than it is kept (docs/retention.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count what would go, and change nothing")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        for retention in retentions():
            count = count_old(retention) if dry_run else remove_old(retention)[0]
            kept = f"{days_kept(retention):g} days"
            self.stdout.write(f"{retention.name:<20} {kept:<12} {count} {'would go' if dry_run else 'went'}")
