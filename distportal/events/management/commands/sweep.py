"""`manage.py sweep`: the process that makes every hint optional."""

from __future__ import annotations

import signal
from typing import Any

from django.core.management.base import BaseCommand

from distportal.events.hints import hint_quickly
from distportal.events.sweeper import Sweeper


class Command(BaseCommand):
    help = "Re-hint due work every second; do it directly while Redis is away."

    def handle(self, *args: Any, **options: Any) -> None:
        hint_quickly()
        sweeper = Sweeper()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
            signal.signal(number, lambda *_: sweeper.stopping.set())
        sweeper.run()
