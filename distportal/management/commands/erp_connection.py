"""`manage.py erp_connection`: list the stored ERP connections, store one, try it, switch it on or off."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError

from distportal.management.connection_command import ConnectionCommand
from distportal.systems.connections import run_beside, save_connection, switch_connection
from distportal.systems.errors import SystemCallError
from distportal.systems.kinds import kinds_of
from distportal.systems.models import ErpConnection
from distportal.systems.registry import erp


class Command(ConnectionCommand):
    help = "ERP connections: list, set, check, on, off, beside (run beside the house's own), alone (not any more)."
    actions = (*ConnectionCommand.actions, "beside", "alone")
    default_name = "default"

    def kinds(self) -> list[str]:
        return kinds_of("erp")

    def _list(self, options: dict[str, Any]) -> None:
        for row in ErpConnection.objects.all():
            self.stdout.write(f"{row.name:16} {row.kind:12} {'on' if row.active else 'off'}")

    def _set(self, options: dict[str, Any]) -> None:
        if not options["kind"] or not options["file"]:
            raise CommandError("set needs --kind and --file. Nothing was changed.")
        row = save_connection(**self.told(options))
        self.stdout.write(f"{row} is stored and in force")

    def _check(self, options: dict[str, Any]) -> None:
        port = erp(options["name"])
        try:
            health = port.health()
        except SystemCallError as error:
            raise CommandError(f"{error.code}: {error.message}") from error
        can = port.capabilities()
        self.stdout.write(f"answers: {health.version}, {health.latency_ms:.0f} ms, clock {health.clock_skew_s:+.1f} s")
        self.stdout.write(f"feeds: {', '.join(sorted(can.feeds))}; prices: {can.price}; references: {can.order_key}")

    def _on(self, options: dict[str, Any]) -> None:
        self.stdout.write(f"{switch_connection(name=options['name'], active=True)} is on")

    def _off(self, options: dict[str, Any]) -> None:
        self.stdout.write(f"{switch_connection(name=options['name'], active=False)} is off")

    def _beside(self, options: dict[str, Any]) -> None:
        row = run_beside(name=options["name"], together=True, title=options["title"])
        self.stdout.write(f"{row} is read beside the house's own ERP; nothing is with it yet: plan a switch")

    def _alone(self, options: dict[str, Any]) -> None:
        self.stdout.write(f"{run_beside(name=options['name'], together=False)} is not read any more")
