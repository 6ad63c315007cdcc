"""CMS compression (RFC 5402, RFC 3274): zlib, with an end to what a small message may become."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from asn1crypto import cms

from distportal.systems.sftp.base import CHUNK
from edi.transports.arriving import Bytes
from edi.transports.as2.ber import CONTEXT_0, SEQUENCE, child, children, element_at, octets
from edi.transports.as2.errors import DECOMPRESSION, As2Failure


def compressed(data: Bytes) -> bytes:
    """DER of CompressedData."""
    packed = cms.CompressedData(
        {
            "version": "v0",
            "compression_algorithm": {"algorithm": "zlib"},
            "encap_content_info": {"content_type": "data", "content": zlib.compress(data, 9)},
        }
    )
    return bytes(cms.ContentInfo({"content_type": "compressed_data", "content": packed}).dump())


def decompressed(der: Bytes, *, most: int) -> Iterator[bytes]:
    """The data inside piece by piece, at most `most` bytes. Raises As2Failure."""
    worker, total = zlib.decompressobj(), 0
    try:
        view = memoryview(der)
        packed = child(view, child(view, element_at(view, 0), CONTEXT_0), SEQUENCE)
        info = [one for one in children(view, packed) if one.tag == SEQUENCE][1]
        [string] = children(view, child(view, info, CONTEXT_0))
        for piece in octets(view, string):
            rest: Bytes = piece
            while rest:
                found = worker.decompress(rest, CHUNK)
                rest = worker.unconsumed_tail
                total += len(found)
                if total > most:
                    raise As2Failure(DECOMPRESSION, f"the content has more than {most} bytes when it is unpacked")
                yield found
        yield worker.flush()
    except (zlib.error, ValueError, IndexError) as error:
        raise As2Failure(DECOMPRESSION, "the compressed content cannot be read") from error
    if not worker.eof:
        raise As2Failure(DECOMPRESSION, "the compressed content is cut off")
