"""Cutting files into interchanges and segments."""

from __future__ import annotations

import tracemalloc

import pytest

from edi.x12.envelope import read_interchange
from edi.x12.errors import NoInterchange
from edi.x12.source import WINDOW
from edi.x12.tokens import split_interchanges
from tests.edi.x12.texts import file_850, group, interchange, read, read_one, tset


def test_delimiters_are_read_by_position_from_the_isa() -> None:
    text = file_850().replace("*", "|").replace(">", ":").replace("~", "\n")
    (raw,) = split_interchanges(text.encode())
    assert (raw.delimiters.element, raw.delimiters.component, raw.delimiters.segment) == ("|", ":", "\n")
    assert read_interchange(raw).findings == []


def test_offsets_point_at_the_bytes_of_each_segment() -> None:
    content = b"\xef\xbb\xbf\r\n" + file_850().replace("~", "~\r\n").encode()
    (raw,) = split_interchanges(content)
    for segment in raw.segments:
        assert content[segment.offset :].startswith(segment.id.encode() + b"*")
    assert content[raw.offset : raw.end].startswith(b"ISA*")
    assert content[raw.offset : raw.end].endswith(b"*000000001~")
    assert [s.position for s in raw.segments] == list(range(1, len(raw.segments) + 1))


@pytest.mark.parametrize(
    "damage",
    [
        lambda t: "\ufeff".encode("utf-8").decode("latin-1") + t,
        lambda t: t.replace("~", "~\r\n"),
        lambda t: t.replace("~", "~\n\n"),
        lambda t: "\r\n\r\n  " + t,
        lambda t: t + "\r\n\x1a\x00\x00",
        lambda t: t.replace("~", "\r\n"),
    ],
    ids=["bom", "crlf", "blank lines", "leading space", "trailing padding", "crlf is the terminator"],
)
def test_harmless_wrapping_changes_nothing(damage) -> None:  # type: ignore[no-untyped-def]
    plain = read_one(file_850())
    wrapped = read_one(damage(file_850()))
    assert wrapped.findings == []
    assert [s.elements for s in wrapped.groups[0].sets[0].segments] == [
        s.elements for s in plain.groups[0].sets[0].segments
    ]


def test_text_around_interchanges_is_noted() -> None:
    one, two = read("Dear all,\n" + file_850() + "garbage" + interchange(group(tset()), number="000000002"))
    assert one.notes == ["9 characters before the ISA were ignored.", "7 characters after the IEA were ignored."]
    assert two.control_number == "000000002"
    assert one.findings == two.findings == []


def test_an_unpadded_isa_is_read_with_a_note() -> None:
    text = "ISA*00**00**ZZ*RETAILER*ZZ*NORTHLINE*261123*1200*U*00401*1*0*P*>~" + group(tset()) + "IEA*1*1~"
    found = read_one(text)
    assert found.findings == []
    assert (found.sender, found.control_number) == ("RETAILER", "000000001")
    assert found.notes == ["The ISA is not padded to its fixed widths."]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"  \r\n", "empty"),
        (b"\x00" * 500, "empty"),
        (b"PO number;quantity\n1001;5\n", "no ISA"),
        (bytes(range(256)) * 20, "not text"),
        (b"ISA*00*          *00*", "16 elements"),
    ],
)
def test_bytes_without_an_interchange_say_why(content: bytes, words: str) -> None:
    with pytest.raises(NoInterchange, match=words):
        split_interchanges(content)


def test_a_cut_off_file_gives_what_is_there() -> None:
    whole = interchange(group(tset(), tset(number="0002")))
    found = read_one(whole[: whole.index("ST*850*0002") + 40])
    assert [f.code for f in found.findings] == ["023"]
    assert [s.st02 for s in found.groups[0].sets] == ["0001", "0002"]
    assert found.groups[0].sets[0].findings == []
    assert [f.code for f in found.groups[0].sets[1].findings] == ["2"]
    assert [f.code for f in found.groups[0].findings] == ["3"]


def test_a_cut_off_interchange_does_not_swallow_the_next() -> None:
    cut = file_850()[:200]
    other = interchange(group(tset()), number="000000002").replace("*", "|")
    for second in (interchange(group(tset()), number="000000002"), other):
        one, two = read(cut + second)
        assert [f.code for f in one.findings] == ["023"]
        assert two.findings == []
        assert two.groups[0].sets[0].findings == []


class Counted:
    """A source that counts the bytes that are read of it."""

    def __init__(self, content: bytes) -> None:
        self._content, self.read = content, 0

    def __len__(self) -> int:
        return len(self._content)

    def __getitem__(self, part: slice) -> bytes:
        found = self._content[part]
        self.read += len(found)
        return found


def test_a_five_megabyte_segment_is_refused_without_being_taken_apart() -> None:
    content = file_850().replace("PID*F*08***HEX BOLT", "MSG*" + "A*" * 2_500_000).encode()
    source = Counted(content)
    tracemalloc.start()
    found = read_interchange(split_interchanges(source)[0])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [f.code for f in found.findings] == ["024"]
    assert "longer than any segment" in found.findings[0].text
    assert source.read < 3 * len(content), "no byte of it is looked at again and again"
    assert peak < 40_000_000


def test_latin_1_text_is_read_as_it_stands() -> None:
    found = read_one(file_850().replace("HEX BOLT", "ÉCROU Ø8"))
    assert found.groups[0].sets[0].segments[9].get(5) == "ÉCROU Ø8"


def test_lower_case_segment_ids_are_read_with_a_note() -> None:
    found = read_one(file_850().replace("~PID*", "~pid*"))
    assert found.groups[0].sets[0].segments[9].id == "PID"
    assert found.notes == ["1 segment ids in lower case were read as upper case."]


def test_of_thousands_of_unpadded_interchanges_each_is_looked_at_in_its_own_window() -> None:
    one = "ISA*00**00**ZZ*RETAILER*ZZ*NORTHLINE*261123*1200*U*00401*1*0*P*>~" + "X" * 400 + "~IEA*0*1~"
    source = Counted((one * 3000).encode())
    assert len(split_interchanges(source)) == 3000
    assert source.read < 3000 * 2 * WINDOW, "the rest of the file is not read anew for each"
    assert 3000 * len(source) / 2 > 3000 * 4 * WINDOW, "else this would prove nothing"
