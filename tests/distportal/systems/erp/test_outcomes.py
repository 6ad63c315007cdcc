"""The class of an error says what may have been written."""

from __future__ import annotations

import httpx
import pytest

from distportal.systems.errors import (
    AuthFailed,
    Conflict,
    OutOfStep,
    Rejected,
    SystemCallError,
    Transient,
    UnknownOutcome,
)
from distportal.systems.outcomes import Nature, exchange, read_back, refusal, silence, timeouts

CASES: list[tuple[int, type[SystemCallError], type[SystemCallError]]] = [
    (400, Rejected, Rejected), (401, AuthFailed, AuthFailed), (403, AuthFailed, AuthFailed),
    (404, Rejected, Rejected), (409, Conflict, Conflict), (410, OutOfStep, OutOfStep), (412, Conflict, Conflict),
    (422, Rejected, Rejected), (423, Transient, Transient), (429, Transient, Transient),
    (500, Transient, UnknownOutcome), (503, Transient, UnknownOutcome), (504, Transient, UnknownOutcome),
]  # fmt: skip


@pytest.mark.parametrize(("status", "read", "write"), CASES)
def test_a_status_means_what_may_have_been_written(
    status: int, read: type[SystemCallError], write: type[SystemCallError]
) -> None:
    reply = httpx.Response(status, headers={"Retry-After": "7"})
    assert type(refusal("read", reply, "no", "no")) is read
    assert type(refusal("write", reply, "no", "no")) is write
    if status == 429:
        assert refusal("write", reply, "no", "no").retry_after == 7


def test_silence_is_harmless_for_a_read_only() -> None:
    assert isinstance(silence("read", "timeout"), Transient)
    assert isinstance(silence("write", "timeout"), UnknownOutcome)


@pytest.mark.parametrize(
    ("error", "nature", "wanted"),
    [
        (httpx.ConnectError, "write", Transient),
        (httpx.ConnectTimeout, "write", Transient),
        (httpx.PoolTimeout, "write", Transient),
        (httpx.ReadTimeout, "write", UnknownOutcome),
        (httpx.WriteTimeout, "write", UnknownOutcome),
        (httpx.RemoteProtocolError, "write", UnknownOutcome),
        (httpx.ReadTimeout, "read", Transient),
    ],
)
def test_a_broken_line_means_what_may_have_been_sent(
    error: type[httpx.TransportError], nature: Nature, wanted: type[SystemCallError]
) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise error("gone")

    with httpx.Client(transport=httpx.MockTransport(fail), base_url="http://erp") as client, pytest.raises(wanted):
        exchange(client, nature, "POST", "/orders", timeouts(1, 1))


def test_a_read_that_fails_after_a_write_leaves_the_outcome_unknown() -> None:
    with pytest.raises(UnknownOutcome) as caught, read_back():
        raise Transient("erp.no_answer")
    assert caught.value.code == "erp.not_read_back"
    with pytest.raises(Rejected), read_back():
        raise Rejected("erp.refused")
