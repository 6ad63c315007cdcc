"""`manage.py sbom FILE`: what the product is built on, for whoever looks for known holes in it."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from distportal.management.supply import bill_of_materials


class Command(BaseCommand):
    """Writes a CycloneDX file from requirements.lock and the packages that are installed."""

    help = "Write a bill of materials (CycloneDX 1.6, JSON)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        bill = bill_of_materials(settings.BASE_DIR / "requirements.lock")
        file.write_text(json.dumps(bill, indent=1) + "\n")
        self.stdout.write(f"{len(bill['components'])} packages are in {file}.")
