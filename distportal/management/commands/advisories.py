"""`manage.py advisories PLACE`: whether a known hole is in what the product is built on."""

from __future__ import annotations

import zipfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from distportal.management.advisories import advisories_in, holes
from distportal.management.supply import pins_of


class Command(BaseCommand):
    """Compares the lock with advisories that were brought here; asks no network."""

    help = "Fail where an advisory (OSV) speaks of a version in requirements.lock."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("place", type=Path, help="a folder of OSV files, or a ZIP of them")
        parser.add_argument("--accept", action="append", default=[], metavar="ID", help="one that was looked at")
        parser.add_argument("--lock", type=Path, default=settings.BASE_DIR / "requirements.lock")

    def handle(self, *args: Any, place: Path, accept: list[str], lock: Path, **options: Any) -> None:
        pins = pins_of(lock)
        try:
            told = list(advisories_in(place))
        except (OSError, ValueError, zipfile.BadZipFile) as error:
            raise CommandError(f"{place} cannot be read as advisories: {error}") from error
        if not told:
            raise CommandError(f"{place} has no advisories; nothing was compared.")
        found = [one for one in holes(pins, told) if one.id not in accept]
        for one in found:
            fixed = f"; without it: {', '.join(one.fixed)}" if one.fixed else ""
            self.stdout.write(f"{one.package} {one.version}: {one.id} {one.summary}{fixed}")
        if found:
            raise CommandError(f"known holes: {len(found)}, in {', '.join(sorted({one.package for one in found}))}.")
        self.stdout.write(f"{len(pins)} packages, {len(told)} advisories: none speaks of these versions.")
