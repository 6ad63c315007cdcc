"""A resolver that hangs: the message waits for its next try, and the lane goes on."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from distportal.webhooks import looking_up
from distportal.webhooks.connecting import post
from tests.webhooks.sink import Sink

LOOK_UP = socket.getaddrinfo
HANGS, ANSWERS = "hangs.example.com", "answers.example.com"


class Resolver:
    """Says nothing of names that begin with `hangs` until it is let go."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.go = threading.Event()

    def __call__(self, host: str, port: int, *args: Any, **how: Any) -> list[Any]:
        if host == "127.0.0.1":  # a socket asks so before it connects
            return LOOK_UP(host, port, *args, **how)
        self.asked.append(host)
        if host.startswith("hangs"):
            self.go.wait()
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Resolver]:
    found = Resolver()
    monkeypatch.setattr(socket, "getaddrinfo", found)
    monkeypatch.setattr(looking_up, "LOOK_UP_SECONDS", 0.05)
    monkeypatch.setattr(looking_up, "_free", threading.BoundedSemaphore(2))
    yield found
    found.go.set()


@pytest.fixture
def sink() -> Iterator[Sink]:
    made = Sink()
    made.start()
    yield made
    made.stop()


def send(sink: Sink, name: str) -> tuple[int | None, str]:
    answer = post(f"http://{name}:{sink.port}/in", headers={}, body=b"{}", loopback=True)
    return answer.status, answer.error


def test_a_name_that_is_not_answered_for_holds_nobody_up(resolver: Resolver, sink: Sink) -> None:
    late = send(sink, HANGS)
    assert late == (None, f"no address for {HANGS} within 0.05 seconds; nothing was sent")
    resolver_still_hangs = not resolver.go.is_set()
    looking_up.LOOK_UP_SECONDS = 60.0  # the fixture puts it back
    assert send(sink, ANSWERS) == (200, "")
    assert resolver_still_hangs
    assert resolver.asked == [HANGS, ANSWERS]
    assert [one.headers["host"] for one in sink.got] == [f"{ANSWERS}:{sink.port}"]


def test_so_many_hang_at_once_and_no_more_until_one_comes_back(resolver: Resolver, sink: Sink) -> None:
    for name in ("hangs-1.example.com", "hangs-2.example.com"):
        assert send(sink, name)[0] is None
    refused = send(sink, ANSWERS)
    assert refused == (None, f"the name {ANSWERS} was not looked up: the resolver does not answer; nothing was sent")
    assert resolver.asked == ["hangs-1.example.com", "hangs-2.example.com"]
    resolver.go.set()
    for thread in [one for one in threading.enumerate() if one.name == "look-up"]:
        thread.join()
    looking_up.LOOK_UP_SECONDS = 60.0
    assert send(sink, ANSWERS) == (200, "")
