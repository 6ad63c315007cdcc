"""The bytes of a file that was dropped, wherever they are kept: read in parts, so that no page or job holds all."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from distportal.common.network_words import network_words
from edi.errors import BytesLost
from edi.models import InboundFile, OutboundFile
from edi.transports.spool import CHUNK, path_of
from edi.x12.source import FileSource, Source


@contextmanager
def opened(file: InboundFile) -> Iterator[Source]:
    """The bytes as a source that can be sliced. Raises BytesLost for a spool file that is gone or has another size, and
    for bytes that were erased.
    """
    _check_kept(file)
    if not file.spooled:
        yield bytes(file.content)
        return
    path = path_of(file.sha256, spool=settings.EDI_SPOOL)
    try:
        body = path.open("rb")
    except OSError as error:
        raise BytesLost(f"the bytes of {file.name} cannot be read from {path}: {network_words(error)}") from error
    with body:
        source = FileSource(body)
        if len(source) != file.size:
            raise BytesLost(f"{path} holds {len(source)} bytes, {file.size} were stored; bring it back from a backup")
        yield source


def sent_bytes_of(file: OutboundFile) -> bytes:
    """What was sent, and is sent again. Raises BytesLost where it was erased."""
    _check_kept(file)
    return bytes(file.content)


def _check_kept(file: InboundFile | OutboundFile) -> None:
    if file.erased_at is not None:
        raise BytesLost(
            f"the bytes of {file.name} were erased on {file.erased_at:%Y-%m-%d}, as agreed for old files; their "
            f"SHA-256 was {file.sha256}"
        )


def check_bytes(source: Source, file: InboundFile) -> None:
    """Raises BytesLost where the bytes are not those that were stored."""
    if digest_of(source, 0, len(source)) != file.sha256:
        raise BytesLost(f"the bytes of {file.name} are not those that were stored; bring them back from a backup")


def digest_of(source: Source, start: int, stop: int) -> str:
    """Sha-256 of a part."""
    digest = hashlib.sha256()
    for at in range(start, stop, CHUNK):
        digest.update(source[at : min(at + CHUNK, stop)])
    return digest.hexdigest()


def part_of(file: InboundFile, start: int, stop: int) -> bytes:
    """The bytes from `start` to before `stop`, or fewer at the end of the file."""
    with opened(file) as source:
        return source[start : min(stop, len(source))]


def chunks_of(file: InboundFile) -> Iterator[bytes]:
    """All bytes, one piece after the other."""
    with opened(file) as source:
        for at in range(0, len(source), CHUNK):
            yield source[at : at + CHUNK]
