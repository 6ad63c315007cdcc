"""Where a peer lives: its folder, its port, and the proxy through which the portal reaches it."""

from __future__ import annotations

import sys
from pathlib import Path

from distportal.common.ports import KeptPort
from tests.faults.peers.listening import Mood, set_mood
from tests.faults.peers.record import Record
from tests.faults.proxy import TcpProxy, Weather


class Place:
    """One peer, which is a process of the site under its name."""

    def __init__(self, folder: Path, name: str, record: str) -> None:
        self.name, self.folder = f"peer_{name}", folder / name
        self.folder.mkdir(parents=True)
        self.record = Record(self.folder / record)
        self.port = KeptPort()
        self.proxy = TcpProxy(self.port.number)
        self.module = f"tests.faults.peers.{name}"

    @property
    def command(self) -> tuple[str, ...]:
        """What runs it."""
        return (sys.executable, "-m", self.module, str(self.folder), str(self.port.number))

    def heal(self) -> None:
        """It behaves as it should and the way to it is free."""
        self.proxy.change(Weather())
        self.mood("")

    def mood(self, mood: Mood) -> None:
        """How it behaves from now on."""
        set_mood(self.folder, mood)
