"""Whether a file ends, told from its head and tail."""

from __future__ import annotations

import pytest

from edi.x12.completeness import looks_cut_off
from tests.edi.process.texts import group, po, whole

FILE = whole(group(po()))


def cut(content: bytes) -> bool:
    return looks_cut_off(content, content)


@pytest.mark.parametrize(
    "content",
    [
        FILE,
        FILE + b"\r\n\r\n",
        FILE[:-1],
        FILE.replace(b"~", b"\n"),
        FILE.replace(b"~", b"~\r\n"),
        b"\r\n".join(FILE[at : at + 80] for at in range(0, len(FILE), 80)),
        FILE + b"trailing garbage",
        FILE + FILE,
        FILE.replace(b"IEA*1", b"IEA*9"),
        b"\xef\xbb\xbf" + FILE,
        b"",
        b"no x12 at all",
        b"a VISA*card is no envelope",
    ],
)
def test_what_is_whole_or_no_x12_does_not_wait(content: bytes) -> None:
    assert not cut(content)


@pytest.mark.parametrize("end", [20, 106, 200, len(FILE) - 20, len(FILE) - 5])
def test_a_prefix_waits(end: int) -> None:
    assert cut(FILE[:end])
    assert cut(FILE + FILE[:end])


def test_an_iea_inside_a_name_is_not_the_end() -> None:
    assert cut(FILE[: FILE.index(b"~CTT")] + b"~N1*ST*GALICIEA*92*0117~PO1*2")
