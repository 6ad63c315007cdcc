"""`manage.py erp_connection`: list the stored ERP connections, store one, try it, switch it on or off."""

from __future__ import annotations

import json
import pathlib
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from distportal.systems.connections import run_beside, save_connection, switch_connection
from distportal.systems.errors import Misconfigured, SystemCallError
from distportal.systems.kinds import kinds_of
from distportal.systems.models import ErpConnection
from distportal.systems.registry import erp


class Command(BaseCommand):
    help = "ERP connections: list, set, check, on, off, beside (run beside the house's own), alone (not any more)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=("list", "set", "check", "on", "off", "beside", "alone"))
        parser.add_argument("name", nargs="?", default="default")
        parser.add_argument("--kind", choices=kinds_of("erp"))
        parser.add_argument("--file", type=pathlib.Path, help="a JSON file with the kind's settings")
        parser.add_argument("--secret", action="append", default=[], help="NAME=env:VARIABLE or NAME=file:/path")
        parser.add_argument("--title", default="", help="beside: what people call it")
        parser.add_argument("--rate", type=int, default=600, help="calls a minute")
        parser.add_argument("--concurrency", type=int, default=4, help="calls at once")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['action']}")(options)
        except (Misconfigured, OSError, json.JSONDecodeError) as error:
            raise CommandError(f"{error}. Nothing was changed.") from error

    def _list(self, options: dict[str, Any]) -> None:
        for row in ErpConnection.objects.all():
            self.stdout.write(f"{row.name:16} {row.kind:12} {'on' if row.active else 'off'}")

    def _set(self, options: dict[str, Any]) -> None:
        if not options["kind"] or not options["file"]:
            raise CommandError("set needs --kind and --file. Nothing was changed.")
        row = save_connection(
            name=options["name"],
            kind=options["kind"],
            settings=json.loads(options["file"].read_text()),
            secrets=dict(item.split("=", 1) for item in options["secret"] if "=" in item),
            rate_per_minute=options["rate"],
            concurrency=options["concurrency"],
        )
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
