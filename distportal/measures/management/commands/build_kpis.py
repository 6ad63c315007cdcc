"""Count key figures again for some days, as after facts that came very late."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from distportal.measures.building import build_days
from distportal.measures.days import MOST_DAYS, today
from distportal.measures.definitions import KPIS, kpi


class Command(BaseCommand):
    """`manage.py build_kpis --from 2026-01-01 --to 2026-01-31 [--kpi partner_sla]`"""

    help = "Counts the table of key figures again for some days; the same facts give the same rows."

    def add_arguments(self, parser: CommandParser) -> None:
        """The days, both included, and one figure where not all are meant."""
        parser.add_argument("--from", dest="first", type=dt.date.fromisoformat, required=True)
        parser.add_argument("--to", dest="last", type=dt.date.fromisoformat, default=None)
        parser.add_argument("--kpi", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        """Build and say how many rows changed. Raises CommandError for days or a figure that make no sense."""
        first, last = options["first"], options["last"] or today()
        if not 0 <= (last - first).days < MOST_DAYS:
            raise CommandError(f"Name a first day and a last one, at most {MOST_DAYS} days; nothing was counted.")
        known = kpi(options["kpi"])
        if options["kpi"] and known is None:
            raise CommandError(f"No key figure is called {options['kpi']}; nothing was counted.")
        changed = build_days(first=first, last=last, kpis=[known] if known else KPIS)
        self.stdout.write(f"{first} to {last}: {changed} rows are another now")
