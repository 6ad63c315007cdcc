"""`manage.py compare_erps`: lay the ERPs that run beside the house's own next to it now, and say how they differ."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from distportal.events.errors import RetryLater
from distportal.systems.ownership import beside
from inventory.process.comparing import compare_erps


class Command(BaseCommand):
    help = "Compare the ERPs that run side by side."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("names", nargs="*", help="connections; all that run beside unless named")

    def handle(self, *args: Any, **options: Any) -> None:
        for name in options["names"] or beside():
            try:
                row = compare_erps(right=name, asked_by="the command line")
            except RetryLater as error:
                raise CommandError(f"{name}: {error}. The comparison before stays as it is.") from error
            if row.error:
                raise CommandError(f"{name}: {row.error}. The comparison before stays as it is.")
            self.stdout.write(f"{row.left} and {row.right} differ in {row.differing} places")
            for kind, count in row.checked.items():
                codes = ", ".join(f"{n} {code}" for code, n in row.differences.get(kind, {}).items())
                self.stdout.write(f"  {kind:10} {count:9} compared  {codes or 'alike'}")
