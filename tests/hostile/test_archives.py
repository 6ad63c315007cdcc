"""Archives and workbooks that want to fill memory or disk: each is refused, with a reason, before it is read."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from distportal.common.archives import MOST_MEMBERS, BadArchive, check_archive
from distportal.common.tables import MOST_BYTES, MOST_ROWS, MOST_UNPACKED, BadTable, rows_of
from tests.orders.test_quick_reading import WORKBOOK, workbook

MIB = 1024 * 1024


def packed(*members: tuple[str, bytes]) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return kept.getvalue()


def said_smaller(content: bytes) -> bytes:
    """The archive, whose directory and header say of each member that it is one byte unpacked."""
    found = bytearray(content)
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = found.find(mark)
        while place >= 0:
            found[place + at : place + at + 4] = struct.pack("<I", 1)
            place = found.find(mark, place + 4)
    return bytes(found)


def overlapping(times: int) -> bytes:
    """One compressed kernel that many entries of the directory point at."""
    content = packed(("a", b"\0" * MIB))
    start, end = content.find(b"PK\x01\x02"), content.find(b"PK\x05\x06")
    entry, tail = content[start:end], bytearray(content[end:])
    tail[8:12] = struct.pack("<HH", times, times)
    tail[12:16] = struct.pack("<I", len(entry) * times)
    return content[:start] + entry * times + bytes(tail)


BOMBS = {
    "by what it says": (packed(("a", b"\0" * (3 * MIB))), "too big unpacked"),
    "by what it is": (said_smaller(packed(("a", b"\0" * (3 * MIB)))), "no archive that can be read"),
    "by ratio": (packed(("a", b"\0" * MIB)), "too big unpacked"),
    "by members": (packed(*((str(n), b"") for n in range(MOST_MEMBERS + 1))), "more than 1000 files"),
    "in another": (packed(("inner.ZIP", b"PK")), "another archive"),
    "over one another": (overlapping(500), "over one another"),
    "cut off": (packed(("a", b"abc" * 1000))[:-30], "no archive that can be read"),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused(name: str) -> None:
    content, said = BOMBS[name]
    with pytest.raises(BadArchive, match=said):
        check_archive(content, most_bytes=2 * MIB)
    with pytest.raises(BadTable, match="cannot be read"):
        rows_of(content)


def test_a_plain_workbook_is_none() -> None:
    check_archive(workbook(WORKBOOK), most_bytes=2 * MIB)
    assert rows_of(workbook(WORKBOOK))[1] == ["24", "0012"]


def test_a_sheet_of_a_million_rows_is_refused_and_small() -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, MOST_ROWS * 3))
    head, tail = WORKBOOK.split("<sheetData>")[0] + "<sheetData>", "</sheetData></worksheet>"
    kept = workbook(f"{head}{rows}{tail}")
    small = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(kept)) as old, zipfile.ZipFile(small, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            new.writestr(member, old.read(member))
    assert len(small.getvalue()) < MOST_BYTES < MOST_UNPACKED
    with pytest.raises(BadTable, match="rows"):
        rows_of(small.getvalue())
