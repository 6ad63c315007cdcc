"""`manage.py canonical_schemas`: write the published JSON Schemas, or with --check say whether they are up to date."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from distportal.canonical.schemas import PUBLISHED, json_schema


class Command(BaseCommand):
    help = "Write docs/schemas/*.json from the canonical classes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing, fail if a file differs")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = settings.BASE_DIR / "docs" / "schemas"
        folder.mkdir(parents=True, exist_ok=True)
        stale = []
        for cls in PUBLISHED:
            path, text = folder / f"{cls.__name__}.json", json.dumps(json_schema(cls), indent=2) + "\n"
            if path.exists() and path.read_text() == text:
                continue
            stale.append(path.name)
            if not options["check"]:
                path.write_text(text)
        if options["check"] and stale:
            raise CommandError(f"{', '.join(stale)} differ: run manage.py canonical_schemas and commit the result")
