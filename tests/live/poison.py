"""The portal's worker with work in it that ends its process, as a file or a library may."""

from __future__ import annotations

import os
import pathlib
import signal
from collections.abc import Mapping
from typing import Any

from django.db import connection

from distportal.celery import app
from distportal.events.base import Delivered
from distportal.events.registry import job_handler, subscribe

__all__ = ["app"]
LANE = "orders"


def note(folder: str, name: str) -> None:
    """One more run, on disk before anything else happens."""
    with open(pathlib.Path(folder) / f"{name}.runs", "a") as runs:
        runs.write(f"{os.getpid()}\n")


@job_handler("poison.exit", lane=LANE, max_attempts=20)
def leave(payload: Mapping[str, Any]) -> None:
    """The process is gone without a goodbye."""
    note(payload["folder"], "exit")
    os._exit(1)


@job_handler("poison.kill", lane=LANE, max_attempts=20)
def be_killed(payload: Mapping[str, Any]) -> None:
    """As the kernel does it where memory runs out."""
    note(payload["folder"], "kill")
    os.kill(os.getpid(), signal.SIGKILL)


@job_handler("poison.loop", lane=LANE, max_attempts=20)
def turn_round(payload: Mapping[str, Any]) -> None:
    """Work that never comes to an end; only the lane's time limit ends it."""
    note(payload["folder"], "loop")
    while True:
        pass


@job_handler("poison.eat", lane=LANE, max_attempts=2)
def eat(payload: Mapping[str, Any]) -> None:
    """More memory than the process may have."""
    note(payload["folder"], "eat")
    bytearray(2_000_000_000)


@job_handler("poison.innocent", lane=LANE)
def work(payload: Mapping[str, Any]) -> None:
    """Something that stands behind them."""
    note(payload["folder"], "innocent")


@job_handler("poison.ask", lane=LANE)
def ask(payload: Mapping[str, Any]) -> None:
    """Which of the database's processes works for this one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        note(payload["folder"], f"server-{cursor.fetchone()[0]}")


@subscribe("poison.happened", destination="poison.subscriber", strict=True)
def take(event: Delivered) -> None:
    """One stream ends the process, another goes through."""
    note(event.payload["folder"], f"event-{event.aggregate_id}")
    if event.aggregate_id == "bad":
        os._exit(1)
