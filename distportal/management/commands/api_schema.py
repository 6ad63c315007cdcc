"""`manage.py api_schema`: write the committed document of the API, or with --check say whether it is up to date."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from distportal.web.api.compatibility import breaking_changes
from distportal.web.api.document import as_yaml, current_document


class Command(BaseCommand):
    help = "Write docs/api-v1.openapi.yaml. What breaks clients has to be announced in docs/api-changes.md first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing, fail if the file differs")
        parser.add_argument("--folder", type=Path, default=settings.BASE_DIR / "docs")

    def handle(self, *args: Any, **options: Any) -> None:
        path, announced = options["folder"] / "api-v1.openapi.yaml", options["folder"] / "api-changes.md"
        committed, document = path.read_text() if path.exists() else "", current_document()
        text = as_yaml(document)
        if committed == text:
            return
        told = announced.read_text() if announced.exists() else ""
        breaks = breaking_changes(yaml.safe_load(committed), yaml.safe_load(text)) if committed else []
        silent = [one for one in breaks if f"`{one}`" not in told]
        if silent:
            lines = "\n".join(f"  `{one}`" for one in silent)
            raise CommandError(
                f"This breaks clients of the API and is not announced; nothing was written:\n{lines}\n"
                "Keep the old way, or announce each line in docs/api-changes.md with its day."
            )
        if options["check"]:
            raise CommandError(f"{path.name} differs: run manage.py api_schema and commit the result")
        path.write_text(text)
