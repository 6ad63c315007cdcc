"""Beat's scheduler: while the broker is away it says so once, not once a tick."""

from __future__ import annotations

import time
from typing import Any

import structlog
from celery.beat import PersistentScheduler, ScheduleEntry, SchedulingError
from kombu import Connection, Producer
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)


class TickScheduler(PersistentScheduler):
    """Sends ticks as Celery's own does. Nothing is lost with a tick: the next one of its schedule starts the slot.

    Celery's own writes a traceback for each tick that the broker does not take: forty schedules make megabytes an hour.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._away_since: float | None = None
        self._missed = 0
        super().__init__(*args, **kwargs)

    def apply_entry(self, entry: ScheduleEntry, producer: Producer | None = None) -> None:
        """Send the tick. A broker that goes is one warning and one that is back another; any other failure is told
        each time, with its traceback.
        """
        try:
            self.apply_async(entry, producer=producer, advance=False)
        except SchedulingError as error:
            if not isinstance(error.__context__, OperationalError):
                log.exception("beat.tick_failed", tick=entry.name)
                return
            self._missed += 1
            self._gone(error.__context__)
        else:
            self._back()

    def _ensure_connected(self) -> Connection:
        """At the start it waits for a broker; Celery's own tells of each try."""
        retries = self.app.conf.broker_connection_max_retries
        return self.connection.ensure_connection(lambda error, _: self._gone(error), retries)

    def _gone(self, error: BaseException) -> None:
        if self._away_since is None:
            self._away_since = time.monotonic()
            log.warning("beat.broker_away", error=str(error))

    def _back(self) -> None:
        if self._away_since is not None:
            away, missed = time.monotonic() - self._away_since, self._missed
            self._away_since, self._missed = None, 0
            log.warning("beat.broker_back", away_seconds=round(away, 1), ticks_missed=missed)
