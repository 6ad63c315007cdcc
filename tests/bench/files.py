"""The documents that are measured: 850s of twenty lines, in one interchange or in a file each."""

from __future__ import annotations

from tests.edi.x12.texts import BODY_850, group, interchange, tset

LINES = 20
_HEAD = BODY_850[:7]


def order(number: int) -> str:
    """One 850, ST to SE: header, twenty PO1 with their PID, CTT."""
    rows = list(_HEAD)
    for line in range(1, LINES + 1):
        rows.append(f"PO1*{line}*{line * 12}*EA*{line}.95*PE*UP*0{number % 10**6:06d}{line:05d}*VN*FST-{line:05d}")
        rows.append(f"PID*F*08***HEX BOLT M{line} ZINC PLATED")
    return tset(*rows, f"CTT*{LINES}", number=f"{number:06d}")


def one_interchange(count: int) -> list[bytes]:
    """One file: an interchange with one group of `count` sets."""
    return [interchange(group(*(order(n) for n in range(1, count + 1)))).encode()]


def one_document_files(count: int) -> list[bytes]:
    """`count` files of an interchange with one set each."""
    return [interchange(group(order(n)), number=f"{n:09d}").encode() for n in range(1, count + 1)]
