"""`manage.py logistics_connection`: list warehouse systems, carriers and CRMs, store one, try it."""

from __future__ import annotations

import json
import pathlib
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from distportal.systems.errors import Misconfigured, SystemCallError
from distportal.systems.kinds import kinds_of
from distportal.systems.logistics import crm, save_logistics_connection, tms, wms
from distportal.systems.models import LogisticsConnection


class Command(BaseCommand):
    help = "Connections to warehouse systems, carriers and CRMs: list, set, check, on, off."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=("list", "set", "check", "on", "off"))
        parser.add_argument("name", nargs="?", default="")
        parser.add_argument("--kind", choices=[*kinds_of("wms"), *kinds_of("tms"), *kinds_of("crm")])
        parser.add_argument("--title", default="", help="what people call it")
        parser.add_argument("--file", type=pathlib.Path, help="a JSON file with the kind's settings")
        parser.add_argument("--secret", action="append", default=[], help="NAME=env:VARIABLE or NAME=file:/path")
        parser.add_argument("--serves", action="append", default=[], help="WAREHOUSE[=their code], or SCAC[=name]")
        parser.add_argument("--rate", type=int, default=600, help="calls a minute")
        parser.add_argument("--concurrency", type=int, default=4, help="calls at once")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['action']}")(options)
        except (Misconfigured, OSError, json.JSONDecodeError) as error:
            raise CommandError(f"{error}. Nothing was changed.") from error

    def _list(self, options: dict[str, Any]) -> None:
        for row in LogisticsConnection.objects.all():
            serves = ", ".join(sorted(row.serves))
            self.stdout.write(f"{row.name:16} {row.kind:10} {'on' if row.active else 'off':4} {serves}")

    def _set(self, options: dict[str, Any]) -> None:
        if not options["kind"] or not options["name"]:
            raise CommandError("set needs a name and --kind. Nothing was changed.")
        row = save_logistics_connection(
            name=options["name"],
            title=options["title"] or options["name"].title(),
            kind=options["kind"],
            settings=json.loads(options["file"].read_text()) if options["file"] else {},
            secrets=dict(item.split("=", 1) for item in options["secret"] if "=" in item),
            serves={code: their for code, _, their in (item.partition("=") for item in options["serves"])},
            rate_per_minute=options["rate"],
            concurrency=options["concurrency"],
        )
        self.stdout.write(f"{row} is stored and in force")

    def _check(self, options: dict[str, Any]) -> None:
        row = self._row(options)
        try:
            health = _ports()[row.role](row.name).health()
        except SystemCallError as error:
            raise CommandError(f"{error.code}: {error.message}") from error
        self.stdout.write(f"answers: {health.version}, {health.latency_ms:.0f} ms")

    def _on(self, options: dict[str, Any]) -> None:
        self._switch(options, active=True)

    def _off(self, options: dict[str, Any]) -> None:
        self._switch(options, active=False)

    def _switch(self, options: dict[str, Any], *, active: bool) -> None:
        row = self._row(options)
        told = {name: getattr(row, name) for name in (
            "name", "title", "kind", "settings", "secrets", "serves", "rate_per_minute", "concurrency",
        )}  # fmt: skip
        save_logistics_connection(**told, active=active)
        self.stdout.write(f"{row} is {'on' if active else 'off'}")

    def _row(self, options: dict[str, Any]) -> LogisticsConnection:
        row = LogisticsConnection.objects.filter(name=options["name"]).first()
        if row is None:
            raise CommandError(f"there is no connection {options['name']!r}. Nothing was changed.")
        return row


def _ports() -> dict[str, Callable[[str], Any]]:
    return {"wms": wms, "tms": tms, "crm": crm}
