"""`manage.py logistics_connection`: list warehouse systems, carriers and CRMs, store one, try it."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.core.management.base import CommandError

from distportal.management.connection_command import ConnectionCommand
from distportal.systems.errors import SystemCallError
from distportal.systems.kinds import kinds_of
from distportal.systems.logistics import crm, save_logistics_connection, tms, wms
from distportal.systems.models import LogisticsConnection


class Command(ConnectionCommand):
    help = "Connections to warehouse systems, carriers and CRMs: list, set, check, on, off."

    def kinds(self) -> list[str]:
        return [*kinds_of("wms"), *kinds_of("tms"), *kinds_of("crm")]

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--serves", action="append", default=[], help="WAREHOUSE[=their code], or SCAC[=name]")

    def _list(self, options: dict[str, Any]) -> None:
        for row in LogisticsConnection.objects.all():
            serves = ", ".join(sorted(row.serves))
            self.stdout.write(f"{row.name:16} {row.kind:10} {'on' if row.active else 'off':4} {serves}")

    def _set(self, options: dict[str, Any]) -> None:
        if not options["kind"] or not options["name"]:
            raise CommandError("set needs a name and --kind. Nothing was changed.")
        row = save_logistics_connection(
            **self.told(options),
            title=options["title"] or options["name"].title(),
            serves={code: their for code, _, their in (item.partition("=") for item in options["serves"])},
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
