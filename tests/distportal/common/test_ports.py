"""A port kept for a server that is away: refused meanwhile, nobody else's, and the server's again."""

from __future__ import annotations

import socket

import pytest

from distportal.common.ports import KeptPort


def test_a_kept_port_refuses_calls_and_lets_its_server_come_and_go() -> None:
    port = KeptPort()
    for _ in range(2):
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port.number))
        with socket.create_server(("127.0.0.1", port.number)):
            socket.create_connection(("127.0.0.1", port.number)).close()
    port.close()


def test_nobody_else_takes_it_without_being_told_the_number() -> None:
    port = KeptPort()
    with socket.socket() as stranger, pytest.raises(OSError, match="in use"):
        stranger.bind(("127.0.0.1", port.number))
    port.close()
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", port.number))
