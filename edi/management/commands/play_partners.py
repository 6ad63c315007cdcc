"""`manage.py play_partners`: the demo's warehouse, carrier and dealers act by themselves until Ctrl-C."""

from __future__ import annotations

import signal
import threading
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections

from distportal.events.clock import database_now
from distportal.management.demo_webhooks import play_webhooks
from edi.management.demo_partners import play
from edi.management.demo_troubles import play_troubles
from edi.queries.readiness import unread_feeds
from orders.management.demo_disputes import play_disputes
from orders.management.demo_harbor import play_harbor

PERIOD = 1.0


class Command(BaseCommand):
    """Only in the demo: it drops files and places orders."""

    help = "Play the partners of the demo until Ctrl-C."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("this plays the demo's partners; set DEMO=1 on a machine of your own")
        stop = threading.Event()

        def _stop(number: int, frame: FrameType | None) -> None:
            stop.set()

        signal.signal(signal.SIGTERM, _stop)
        signal.signal(signal.SIGINT, _stop)
        while not stop.wait(PERIOD):
            play(database_now())
            if not unread_feeds():
                play_harbor()
                play_disputes()
                play_troubles()
            play_webhooks()
            close_old_connections()
