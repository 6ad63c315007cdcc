"""What the commands that store connections to other systems have in common."""

from __future__ import annotations

import abc
import json
import pathlib
from argparse import ArgumentParser
from collections.abc import Collection
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError

from distportal.systems.errors import Misconfigured


class ConnectionCommand(BaseCommand, abc.ABC):
    """`command ACTION NAME`, each action a method `_ACTION(options)`; what is wrong is told, and that nothing was
    changed.
    """

    actions: ClassVar[tuple[str, ...]] = ("list", "set", "check", "on", "off")
    default_name: ClassVar[str] = ""

    @abc.abstractmethod
    def kinds(self) -> Collection[str]:
        """The adapters that may be chosen."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=self.actions)
        parser.add_argument("name", nargs="?", default=self.default_name)
        parser.add_argument("--kind", choices=self.kinds())
        parser.add_argument("--title", default="", help="what people call it")
        parser.add_argument("--file", type=pathlib.Path, help="a JSON file with the kind's settings")
        parser.add_argument("--secret", action="append", default=[], help="NAME=env:VARIABLE or NAME=file:/path")
        parser.add_argument("--rate", type=int, default=600, help="calls a minute")
        parser.add_argument("--concurrency", type=int, default=4, help="calls at once")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['action']}")(options)
        except (Misconfigured, OSError, json.JSONDecodeError) as error:
            raise CommandError(f"{error}. Nothing was changed.") from error

    def told(self, options: dict[str, Any]) -> dict[str, Any]:
        """What was given of kind, settings, secrets and limits, as connections are stored."""
        return {
            "name": options["name"],
            "kind": options["kind"],
            "settings": json.loads(options["file"].read_text()) if options["file"] else {},
            "secrets": dict(item.split("=", 1) for item in options["secret"] if "=" in item),
            "rate_per_minute": options["rate"],
            "concurrency": options["concurrency"],
        }
