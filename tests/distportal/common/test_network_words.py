"""Errors of the network in words for people."""

from __future__ import annotations

import httpx
import pytest

from distportal.common.network_words import network_words
from distportal.systems.errors import Transient


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (httpx.ConnectError("[Errno 111] Connection refused"), "nobody listens there (Connection refused)"),
        (
            httpx.ConnectError("[Errno -2] Name or service not known"),
            "its name is not known (Name or service not known)",
        ),
        (ConnectionResetError(104, "Connection reset by peer"), "it broke off (Connection reset by peer)"),
        (OSError(28, "No space left on device"), "No space left on device"),
        (TimeoutError(), "no answer in time (timed out)"),
        (EOFError("the line ended"), "the line ended"),
        (ValueError("the order was refused"), "the order was refused"),
        (Transient("erp.away", "its certificate timed out: [Errno 1] x"), "its certificate timed out: [Errno 1] x"),
    ],
)
def test_what_happened_comes_first_and_the_systems_own_words_behind(error: BaseException, words: str) -> None:
    assert network_words(error) == words
