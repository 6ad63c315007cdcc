"""A server that does not answer is left alone for a few seconds: one caller pays for the timeout, not every page."""

from __future__ import annotations

import time


class Absence:
    """What this process knows of a server that was away."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._until = 0.0

    @property
    def lasts(self) -> bool:
        """Whether the server was away a moment ago and shall not be asked."""
        return time.monotonic() < self._until

    def lets_ask(self) -> bool:
        """Whether to ask it now. When its time is over one caller finds out; the others still leave it alone."""
        if self.lasts:
            return False
        if self._until:
            self.note()
        return True

    def note(self) -> None:
        """It did not answer."""
        self._until = time.monotonic() + self.seconds

    def forget(self) -> None:
        """Ask it again at once."""
        self._until = 0.0
