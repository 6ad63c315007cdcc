"""Which addresses a name has, asked with a limit: the system's resolver knows none and may hang for minutes."""

from __future__ import annotations

import queue
import socket
import threading
from threading import Semaphore

import httpcore

LOOK_UP_SECONDS = 3.0
MOST_AT_ONCE = 8
"""So many look-ups of a process may hang at once. Each holds a thread until the resolver gives up."""
_free = threading.BoundedSemaphore(MOST_AT_ONCE)


class LookUpLate(httpcore.ConnectTimeout):
    """The resolver did not answer in time, or hangs over so many names already that it was not asked."""


def addresses_of(host: str, port: int, *, seconds: float) -> list[str]:
    """The IP addresses of a name, each once. Waits so many seconds and never longer than LOOK_UP_SECONDS.

    Raises LookUpLate, and ConnectError for a name that is not known.
    """
    if not _free.acquire(blocking=False):
        raise LookUpLate(f"the name {host} was not looked up: the resolver does not answer; nothing was sent")
    answer: queue.SimpleQueue[list[str] | Exception] = queue.SimpleQueue()
    threading.Thread(target=_look_up, args=(host, port, answer, _free), name="look-up", daemon=True).start()
    limit = min(seconds, LOOK_UP_SECONDS)
    try:
        found = answer.get(timeout=limit)
    except queue.Empty as error:
        raise LookUpLate(f"no address for {host} within {limit:g} seconds; nothing was sent") from error
    if isinstance(found, Exception):
        raise httpcore.ConnectError(f"the name {host} is not known: {found}") from found
    return found


def _look_up(host: str, port: int, answer: queue.SimpleQueue[list[str] | Exception], place: Semaphore) -> None:
    try:
        rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
        answer.put(list(dict.fromkeys(str(row[4][0]) for row in rows)))
    except (OSError, UnicodeError) as error:
        answer.put(error)
    finally:
        place.release()
