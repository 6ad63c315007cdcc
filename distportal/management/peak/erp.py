"""A sandbox ERP of the simulation's own, on this machine only, and what it wrote into its books."""

from __future__ import annotations

import datetime as dt
import secrets
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import httpx
from django.conf import settings

from distportal.common.ports import KeptPort


class PeakErp:
    """The process with its database in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._db = folder / "peak-erp.sqlite3"
        self._process: subprocess.Popen[bytes] | None = None
        self.token = secrets.token_urlsafe(16)
        self._port = KeptPort()
        self.url = f"http://127.0.0.1:{self._port.number}"

    def start(self) -> None:
        """Answering when this returns; the same books again after a stop. Raises TimeoutError."""
        command = [sys.executable, "-m", "distportal.systems.erp.sandbox_server", "--host", "127.0.0.1", "--port"]
        command += [str(self._port.number), "--db", str(self._db), "--per-family", "5"]
        command += [f"--token={self.token}"]  # which may begin with a dash
        self._process = subprocess.Popen(command, cwd=settings.BASE_DIR, stdout=subprocess.DEVNULL)  # noqa: S603 - our own module
        with httpx.Client(headers={"Authorization": f"Bearer {self.token}"}, timeout=2) as client:
            for _ in range(1200):
                try:
                    client.get(f"{self.url}/health")
                    return
                except httpx.TransportError:
                    if self._process.poll() is not None:
                        break
                    time.sleep(0.05)
        raise TimeoutError(f"the sandbox ERP did not start (exit code {self._process.poll()})")

    def stop(self) -> None:
        """Not answering when this returns."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(15)
            self._process = None

    def order_keys(self) -> Counter[str]:
        """How many orders the ERP holds under each key."""
        reply = httpx.get(
            f"{self.url}/control/orders", headers={"Authorization": f"Bearer {self.token}"}, timeout=60
        ).raise_for_status()
        return Counter(order["reference"] for order in reply.json()["orders"])

    def writes(self) -> list[float]:
        """When each write reached the ERP, in seconds by its clock, the earliest first."""
        with closing(sqlite3.connect(f"file:{self._db}?mode=ro", uri=True)) as books:
            rows = books.execute("SELECT at FROM ledger WHERE method = 'POST' AND path LIKE '/orders%' ORDER BY at")
            return [dt.datetime.fromisoformat(at).timestamp() for (at,) in rows]
