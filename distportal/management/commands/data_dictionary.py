"""`manage.py data_dictionary [--check]`: write docs/data-dictionary.md, or say whether it is as the code says."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from distportal.canonical.dictionary import data_dictionary


class Command(BaseCommand):
    """Writes the page; with --check it writes nothing and fails where the page differs."""

    help = "Write docs/data-dictionary.md from the canonical classes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing, fail if the page differs")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        path, text = settings.BASE_DIR / "docs" / "data-dictionary.md", data_dictionary()
        if not check:
            path.write_text(text)
        elif not path.exists() or path.read_text() != text:
            raise CommandError("docs/data-dictionary.md is not as the code says: run manage.py data_dictionary")
