"""Connect to an SFTP server whose key is pinned, within bounded time."""

from __future__ import annotations

import base64
import binascii
import io
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import paramiko

from distportal.common.network_words import network_words
from distportal.systems.sftp.base import TransportError

_RSA_KINDS = ("rsa-sha2-512", "rsa-sha2-256", "ssh-rsa")


class Server(Protocol):
    """The settings that a connection needs."""

    @property
    def host(self) -> str: ...
    @property
    def port(self) -> int: ...
    @property
    def username(self) -> str: ...
    @property
    def host_key(self) -> str: ...
    @property
    def timeout(self) -> int: ...


def open_session(server: Server, secrets: dict[str, str]) -> tuple[paramiko.Transport, paramiko.SFTPClient]:
    """A signed-in session. Raises TransportError: permanent for a foreign host key or a refused sign-in."""
    pinned = _pinned(server.host_key)
    where = f"{server.host}:{server.port}"
    with told(f"{where} cannot be reached"):
        line = socket.create_connection((server.host, server.port), timeout=server.timeout)
    session: paramiko.Transport | None = None
    try:
        with told(f"{where} does not speak SSH with us"):
            session = paramiko.Transport(line)
            session.banner_timeout = session.auth_timeout = session.channel_timeout = server.timeout
            _prefer(session, [kind for kind, _ in pinned])
            session.start_client(timeout=server.timeout)
        _compare(where, session.get_remote_server_key(), pinned)
        _sign_in(where, session, server.username, secrets)
        with told(f"{where} offers no SFTP"):
            sftp = paramiko.SFTPClient.from_transport(session)
            if sftp is None:
                raise TransportError(f"{where} offers no SFTP", permanent=True)
            sftp.get_channel().settimeout(server.timeout)
    except TransportError:
        line.close() if session is None else session.close()
        raise
    return session, sftp


@contextmanager
def told(what: str, *, nothing_there: bool = False) -> Iterator[None]:
    """Turns what the network and the server say into a TransportError; a missing file passes unless `nothing_there`."""
    try:
        yield
    except TransportError:
        raise
    except FileNotFoundError as error:
        if not nothing_there:
            raise
        raise TransportError(f"{what}: it is not there", permanent=True) from error
    except PermissionError as error:
        raise TransportError(f"{what}: not permitted", permanent=True) from error
    except TimeoutError as error:
        raise TransportError(f"{what}: no answer in time") from error
    except (OSError, EOFError, paramiko.SSHException) as error:
        raise TransportError(f"{what}: {network_words(error)}") from error


def _pinned(text: str) -> list[tuple[str, bytes]]:
    found = []
    for row in text.split("\n"):
        parts = row.split()
        at = next((n for n, word in enumerate(parts) if word.startswith(("ssh-", "ecdsa-"))), None)
        if at is None or len(parts) < at + 2:
            continue
        try:
            found.append((parts[at], base64.b64decode(parts[at + 1], validate=True)))
        except binascii.Error:
            continue
    if not found:
        raise TransportError("host_key is no public key such as `ssh-ed25519 AAAA…`", permanent=True)
    return found


def _prefer(session: paramiko.Transport, kinds: list[str]) -> None:
    """Only the pinned kinds of key are negotiated: a server with several keys shows the one we know."""
    options = session.get_security_options()
    wanted = {name for kind in kinds for name in (_RSA_KINDS if kind == "ssh-rsa" else (kind,))}
    usable = tuple(name for name in options.key_types if name in wanted)
    if usable:
        options.key_types = usable


def _compare(where: str, shown: paramiko.PKey, pinned: list[tuple[str, bytes]]) -> None:
    if (shown.get_name(), shown.asbytes()) not in pinned:
        raise TransportError(
            f"{where} shows another host key than agreed ({shown.get_name()} {shown.get_base64()[:16]}…); nothing was "
            "sent to it. Ask the partner whether it changed its key before you store the new one",
            permanent=True,
        )


def _sign_in(where: str, session: paramiko.Transport, username: str, secrets: dict[str, str]) -> None:
    try:
        with told(f"{where} did not take the sign-in of {username}"):
            if secrets.get("private_key"):
                session.auth_publickey(username, _private_key(secrets))
            else:
                session.auth_password(username, secrets.get("password", ""))
    except TransportError as error:
        if isinstance(error.__cause__, paramiko.AuthenticationException) and _has_answered(session):
            message = f"{where} refused the sign-in of {username}: check its password or key"
            raise TransportError(message, permanent=True) from error
        raise


def _has_answered(session: paramiko.Transport) -> bool:
    """Whether the server said no. One that is silent or hangs up is told by the same exception."""
    asked = session.auth_handler
    return session.is_active() and asked is not None and asked.auth_event is not None and asked.auth_event.is_set()


def _private_key(secrets: dict[str, str]) -> paramiko.PKey:
    passphrase = secrets.get("passphrase") or None
    for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
        try:
            return kind.from_private_key(io.StringIO(secrets["private_key"]), password=passphrase)
        except (paramiko.SSHException, ValueError):
            continue
    raise TransportError("the stored private key cannot be read: give an OpenSSH or PEM key", permanent=True)
