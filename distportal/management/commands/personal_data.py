"""`manage.py personal_data export|erase|fields`: what is held of people, for the owner of the database."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from distportal.accounts.personal import person_of
from distportal.personal.choices import RequestKind, RequestState
from distportal.personal.dictionary import personal_fields
from distportal.personal.exporting import export_of
from distportal.personal.models import PersonalRequest
from distportal.personal.requests import carry_out


class Command(BaseCommand):
    """Exports to a file, erases what was agreed, writes the page of fields."""

    help = "Export what is held of somebody, erase what two operators agreed to, or write docs/personal-fields.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        export = acts.add_parser("export", help="write a ZIP of all that is held of somebody")
        export.add_argument("email")
        export.add_argument("file", type=Path)
        acts.add_parser("erase", help="carry out the erasures that were agreed; signs in as the database's owner")
        fields = acts.add_parser("fields", help="write docs/personal-fields.md")
        fields.add_argument("--check", action="store_true", help="write nothing, fail if the page differs")

    def handle(self, *args: Any, act: str, **options: Any) -> None:
        if act == "export":
            self._export(options["email"], options["file"])
        elif act == "erase":
            self._erase()
        else:
            self._fields(check=options["check"])

    def _export(self, email: str, file: Path) -> None:
        content, counts = export_of(person_of(email))
        file.write_bytes(content)
        file.chmod(0o600)
        self.stdout.write(f"{sum(counts.values())} rows of {len(counts)} tables are in {file}.")

    def _erase(self) -> None:
        agreed = PersonalRequest.objects.filter(
            kind=RequestKind.ERASURE, state__in=(RequestState.AGREED, RequestState.OWNER)
        )
        for pk in list(agreed.order_by("asked_at").values_list("pk", flat=True)):
            row = carry_out(request_id=pk)
            if row.state == RequestState.OWNER:
                raise CommandError("this sign-in to PostgreSQL may not change histories: run it as the tables' owner")
            self.stdout.write(f"{row.email}: {row.get_state_display().lower()}. {row.said}".strip())

    def _fields(self, *, check: bool) -> None:
        path, text = settings.BASE_DIR / "docs" / "personal-fields.md", personal_fields()
        if not check:
            path.write_text(text)
        elif not path.exists() or path.read_text() != text:
            raise CommandError("docs/personal-fields.md is not as the code says: run manage.py personal_data fields")
