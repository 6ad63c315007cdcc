"""Write docs/exception-kinds.md, the table of all kinds of exceptions, or check that it is as the code says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from exceptions.queries.kinds import kinds_table, lacking
from exceptions.registry import case_kinds

FILE = Path(settings.BASE_DIR) / "docs" / "exception-kinds.md"


class Command(BaseCommand):
    """`manage.py case_kinds [--check]`."""

    help = "Write docs/exception-kinds.md; --check only says whether it is up to date and every kind is whole"

    def add_arguments(self, parser: CommandParser) -> None:
        """`--check` writes nothing."""
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Fails with what is missing, kind by kind."""
        missing = [f"{kind.kind} lacks {what}" for kind in case_kinds() for what in lacking(kind)]
        if missing:
            raise CommandError("; ".join(missing))
        table = kinds_table()
        if not options["check"]:
            FILE.write_text(table)
        elif not FILE.exists() or FILE.read_text() != table:
            raise CommandError("docs/exception-kinds.md is not as the code says: run manage.py case_kinds")
