"""CMS compression (RFC 5402, RFC 3274): zlib, with an end to what a small message may become."""

from __future__ import annotations

import zlib

from asn1crypto import cms

from edi.transports.as2.errors import DECOMPRESSION, As2Failure


def compressed(data: bytes) -> bytes:
    """DER of CompressedData."""
    packed = cms.CompressedData(
        {
            "version": "v0",
            "compression_algorithm": {"algorithm": "zlib"},
            "encap_content_info": {"content_type": "data", "content": zlib.compress(data, 9)},
        }
    )
    return bytes(cms.ContentInfo({"content_type": "compressed_data", "content": packed}).dump())


def decompressed(der: bytes, *, most: int) -> bytes:
    """The data inside, at most `most` bytes. Raises As2Failure."""
    try:
        packed = cms.ContentInfo.load(der, strict=False)["content"]["encap_content_info"]["content"].native
        worker = zlib.decompressobj()
        data = worker.decompress(packed, most + 1)
    except (zlib.error, ValueError, TypeError, KeyError) as error:
        raise As2Failure(DECOMPRESSION, "the compressed content cannot be read") from error
    if len(data) > most:
        raise As2Failure(DECOMPRESSION, f"the content has more than {most} bytes when it is unpacked")
    if not worker.eof:
        raise As2Failure(DECOMPRESSION, "the compressed content is cut off")
    return data
