"""Job kinds and a subscriber whose behaviour a test chooses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from distportal.events.base import Delivered
from distportal.events.effects import bring_together
from distportal.events.models import OutboxDelivery
from distportal.events.registry import Subscription, job_handler, subscribe

jobs_done: list[Mapping[str, Any]] = []
delivered: list[tuple[str, str, int]] = []
behaviour: dict[str, Callable[[Any], None]] = {}


def forget() -> None:
    """As if nothing had run."""
    jobs_done.clear()
    delivered.clear()
    behaviour.clear()


def bring_or_undo(rows: Sequence[tuple[Subscription, OutboxDelivery]]) -> int:
    """As bring_together; what was noted goes back with the transaction, as what subscribers write does."""
    before = len(delivered)
    try:
        return bring_together(rows)
    except BaseException:
        del delivered[before:]
        raise


@job_handler("test.work", lane="bulk", max_attempts=3)
def work(payload: Mapping[str, Any]) -> None:
    """Note the call, then do what the test wants."""
    jobs_done.append(payload)
    behaviour.get("work", lambda _: None)(payload)


@subscribe("thing.happened", destination="test.strict", strict=True)
def strict(event: Delivered) -> None:
    """Note the event, unless the test wants it to fail."""
    behaviour.get("strict", lambda _: None)(event)
    delivered.append(("strict", event.aggregate_id, event.seq))


@subscribe("thing.happened", destination="test.loose", strict=False)
def loose(event: Delivered) -> None:
    """The same, for a subscriber that does not need the order."""
    behaviour.get("loose", lambda _: None)(event)
    delivered.append(("loose", event.aggregate_id, event.seq))
