"""Whom we connect to: public addresses by https. Nothing else is connected to, whatever it calls itself."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from distportal.webhooks.addresses import checked_url, refusal_of
from distportal.webhooks.connecting import post
from distportal.webhooks.errors import AddressRefused

INSIDE = (
    "127.0.0.1", "127.1.2.3", "0.1.2.3", "10.0.0.8", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::1", "::", "::ffff:127.0.0.1",
    "::ffff:10.0.0.1", "::ffff:a9fe:a9fe", "::127.0.0.1", "fe80::1", "fc00::1", "fd12:3456:789a::1", "ff02::1",
    "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::1", "2001:0:7f00:1::1", "2001:db8::1", "fe80::1%1",
)  # fmt: skip
"""Addresses that a resolver may give and that we connect to never."""


@pytest.mark.parametrize("address", INSIDE)
def test_no_address_of_a_private_network_is_connected_to(
    address: str, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    assert refusal_of(address, loopback=False)
    connected: list[Any] = []
    resolve_to(monkeypatch, [address])
    monkeypatch.setattr(socket, "create_connection", lambda *args, **how: connected.append(args))
    answer = post("https://hooks.example.com/in", headers={}, body=b"{}", loopback=False)
    assert (answer.status, answer.arrived, connected) == (None, False, [])
    assert "not a public address" in answer.error or "no IP address" in answer.error


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_public_addresses_are_fine(address: str) -> None:
    assert refusal_of(address, loopback=False) == ""


def test_one_bad_address_among_good_ones_spoils_all(monkeypatch: pytest.MonkeyPatch) -> None:
    connected: list[Any] = []
    resolve_to(monkeypatch, ["8.8.8.8", "10.0.0.1"])
    monkeypatch.setattr(socket, "create_connection", lambda *args, **how: connected.append(args))
    answer = post("https://hooks.example.com/in", headers={}, body=b"{}", loopback=False)
    assert (answer.status, connected) == (None, [])


def test_a_name_that_changes_its_mind_leads_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """Public when it is judged, this machine a moment later: the name is asked once, its address connected to."""
    answers = [["8.8.8.8"], ["127.0.0.1"], ["127.0.0.1"]]
    asked: list[str] = []
    connected: list[Any] = []

    def resolve(host: str, port: int, *args: Any, **how: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in answers[len(asked) - 1]]

    def connect(address: Any, *args: Any, **how: Any) -> None:
        connected.append(address)
        raise OSError("no network in this test")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", connect)
    answer = post("https://hooks.example.com/in", headers={}, body=b"{}", loopback=False)
    assert (asked, connected) == (["hooks.example.com"], [("8.8.8.8", 443)])
    assert "no network in this test" in answer.error


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.com/in", "ftp://hooks.example.com/", "https://hooks.example.com:22/",
        "https://hooks.example.com:80/", "https://127.0.0.1/", "https://127.1/", "https://2130706433/",
        "https://0x7f000001/", "https://0177.0.0.1/", "https://1.2.3/", "https://[::1]/", "https://[::ffff:10.0.0.1]/",
        "https://169.254.169.254/latest/meta-data", "https://localhost/", "https://intranet/", "https://user@hooks.example.com/",
        "https://user:pw@hooks.example.com/", "https://hooks.example.com/#part", "https:///in", "https://", "", "hooks",
        "https://hooks.example.com:99999/", "https://hooks.example.com/a b", "https://hooks.example.com\\@10.0.0.1/",
        "https://hooks.example.com/\r\nX: 1", "https://ex\u00e4mple.com/", "https://" + "a" * 70 + ".com/",
        "https://hooks.example.com/" + "a" * 500,
    ],
)  # fmt: skip
def test_what_no_webhook_can_be(url: str, settings: Any) -> None:
    settings.WEBHOOK_LOOPBACK = False
    with pytest.raises(AddressRefused):
        checked_url(url)


def test_what_a_webhook_can_be(settings: Any) -> None:
    settings.WEBHOOK_LOOPBACK = False
    for url in ("https://hooks.example.com/in?a=1", "https://hooks.example.com:8443/", "https://8.8.8.8/x"):
        assert checked_url(f" {url} ") == url


def test_a_demo_may_reach_this_machine_and_no_other(settings: Any) -> None:
    settings.WEBHOOK_LOOPBACK = True
    assert checked_url("http://127.0.0.1:9000/in") == "http://127.0.0.1:9000/in"
    for url in ("http://10.0.0.1/", "http://hooks.example.com/", "https://10.0.0.1/"):
        with pytest.raises(AddressRefused):
            checked_url(url)
    assert refusal_of("10.0.0.1", loopback=True)


def resolve_to(monkeypatch: pytest.MonkeyPatch, addresses: list[str]) -> None:
    """Any name leads there."""

    def resolve(host: str, port: int, *args: Any, **how: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
