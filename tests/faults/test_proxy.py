"""The proxy does what it says, so that what the matrix shows is true."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.faults.proxy import TcpProxy, Weather
from tests.sandbox import TOKEN, SandboxProcess


@pytest.fixture
def proxy(erp_process: SandboxProcess) -> Iterator[TcpProxy]:
    erp_process.faults()
    made = TcpProxy(int(erp_process.url.rpartition(":")[2]))
    yield made
    made.stop()


def health(proxy: TcpProxy, timeout: float = 10.0) -> int:
    return httpx.get(f"{proxy.url}/health", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=timeout).status_code


def test_each_weather_is_felt_and_fair_weather_comes_back(proxy: TcpProxy) -> None:
    assert health(proxy) == 200
    for weather, error, patience in (
        (Weather(refuse=True), httpx.ConnectError, 10.0),
        (Weather(cut_answers=True), httpx.RemoteProtocolError, 10.0),
        (Weather(black_hole=True), httpx.ReadTimeout, 0.4),
        (Weather(delay=5.0), httpx.ReadTimeout, 0.4),
        (Weather(bytes_a_second=20.0), httpx.ReadTimeout, 0.4),
    ):
        proxy.change(weather)
        with pytest.raises(error):
            health(proxy, patience)
    proxy.change(Weather())
    assert health(proxy) == 200
