"""A virus scanner of the site's own, where it has one: it sees a file as it came, before anything of ours opens it."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.utils.translation import gettext as _

from distportal.uploads.errors import Infected, ScannerAway

TIMEOUT = 15.0
_CHUNK = 64 * 1024
_MOST_ANSWER = 1024
log = structlog.get_logger(__name__)


def look_for_viruses(name: str, content: bytes) -> None:
    """Returns where the scanner of CLAMD finds nothing, or there is none. Speaks clamd's INSTREAM.

    Raises Infected where it finds something, ScannerAway where it gives no verdict: such a file is not kept either.
    """
    if not settings.CLAMD:
        return
    try:
        verdict = _asked(content)
    except OSError as error:
        log.warning("scanner.away", error=str(error))
        verdict = ""
    if verdict.endswith(" OK"):
        return
    if verdict.endswith(" FOUND"):
        log.warning("scanner.found", told=verdict)
        raise Infected(_("%(name)s was refused: a virus scanner found something in it") % {"name": name})
    said = _("%(name)s cannot be looked at for viruses just now: send it again in a few minutes")
    raise ScannerAway(said % {"name": name})


def _asked(content: bytes) -> str:
    with _connected() as scanner:
        scanner.settimeout(TIMEOUT)
        scanner.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), _CHUNK):
            part = content[start : start + _CHUNK]
            scanner.sendall(len(part).to_bytes(4, "big") + part)
        scanner.sendall(bytes(4))
        told = b""
        while not told.endswith(b"\0") and len(told) < _MOST_ANSWER and (more := scanner.recv(_MOST_ANSWER)):
            told += more
    return told.rstrip(b"\0\n").decode(errors="replace")


def _connected() -> socket.socket:
    """`tcp://host:3310` or `unix:///run/clamav/clamd.ctl`."""
    address = urlsplit(settings.CLAMD)
    if address.scheme == "unix":
        scanner = socket.socket(socket.AF_UNIX)
        scanner.settimeout(TIMEOUT)
        scanner.connect(address.path)
        return scanner
    return socket.create_connection((address.hostname or "", address.port or 3310), timeout=TIMEOUT)
