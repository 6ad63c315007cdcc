"""A picture of a signature, drawn here stroke by stroke: nothing of it is copied from anywhere."""

from __future__ import annotations

import math
import random
import struct
import zlib

WIDTH, HEIGHT = 420, 150


def signature_png(name: str) -> bytes:
    """A grey PNG with a pen stroke that is always the same for a name."""
    rows = [bytearray(b"\xf8" * WIDTH) for _ in range(HEIGHT)]
    for x in range(24, WIDTH - 24):
        rows[HEIGHT - 28][x] = 0xB0  # the line one signs on
    dice = random.Random(name)
    waves = [(dice.uniform(4, 15), dice.uniform(0.2, 1.0), dice.uniform(0, 6.3)) for _ in range(4)]
    for place in range(4000):
        at = place / 4000
        height = sum(math.sin(at * 6.3 * speed + turn) * size for speed, size, turn in waves)
        across = 40 + at * (WIDTH - 100) + 9 * math.sin(at * 60 + waves[0][2])
        _dot(rows, round(across), round(HEIGHT / 2 - 8 + height * 17 * (1 - at * 0.6)))
    raw = b"".join(b"\x00" + bytes(row) for row in rows)
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(raw, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _dot(rows: list[bytearray], x: int, y: int) -> None:
    for dx in (-1, 0, 1):
        for dy in (-1, 0, 1):
            if 0 <= x + dx < WIDTH and 0 <= y + dy < HEIGHT:
                rows[y + dy][x + dx] = 0x20


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
