"""Every named leniency: read with a note where it is allowed, refused with its exact code where it is not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from edi.x12.leniency import ALL_LENIENCIES, MEANINGS, Leniency
from edi.x12.strictness import refuse_leniencies
from edi.x12.structure import Interchange
from edi.x12.tokens import split_interchanges
from edi.x12.validate import validate_set
from tests.edi.x12.texts import BODY_850, file_850, group, interchange, read_one, tset, with_body

Damage = Callable[[str], str]


def wrapped(text: str, ending: str = "\r\n") -> str:
    return ending.join(text[at : at + 80] for at in range(0, len(text), 80))


def unpadded(text: str) -> str:
    return text.replace("RETAILER       ", "RETAILER")


INTERCHANGE: list[tuple[Leniency, Damage, str, str]] = [
    (Leniency.BYTE_ORDER_MARK, lambda t: "\xef\xbb\xbf" + t, "022", "A byte order mark before the ISA was ignored."),
    (Leniency.LEADING_GARBAGE, lambda t: "Dear all," + t, "024", "9 characters before the ISA were ignored."),
    (Leniency.TRAILING_GARBAGE, lambda t: t + "%%% end", "024", "7 characters after the IEA were ignored."),
    (Leniency.LINE_BREAKS, lambda t: t.replace("~", "~\r\n"), "022", "Line breaks between 15 segments were ignored."),
    (Leniency.WRAPPED_LINES, wrapped, "022", "Lines of 80 columns were joined."),
    (Leniency.EMPTY_SEGMENTS, lambda t: t.replace("~PO1", "~~~PO1"), "024", "2 empty segments were skipped."),
    (Leniency.UNPADDED_ISA, unpadded, "006", "The ISA is not padded to its fixed widths."),
    (
        Leniency.ISA_VERSION,
        lambda t: t.replace("*00401*", "*00400*"),
        "017",
        "ISA12 is 00400; the release of each group (GS08) decides.",
    ),
    (
        Leniency.MIXED_RELEASES,
        lambda t: t.replace("*004010~", "*005010~"),
        "017",
        "GS08 is 005010 though ISA12 is 00401.",
    ),
    (
        Leniency.LOWER_CASE_IDS,
        lambda t: t.replace("~GS*", "~gs*"),
        "024",
        "1 segment ids in lower case were read as upper case.",
    ),
    (Leniency.EXTRA_BLANKS, lambda t: t.replace("~GE*", "~ GE*"), "024", "Blanks around 1 segment ids were ignored."),
    (
        Leniency.TRAILING_SEPARATORS,
        lambda t: t.replace("*X*004010~", "*X*004010**~"),
        "024",
        "Element separators at the end of 1 segments were ignored.",
    ),
]
SETS: list[tuple[Leniency, Damage, list[tuple[str, int, str, list[tuple[int, str]]]], str]] = [
    (
        Leniency.LOWER_CASE_IDS,
        lambda t: t.replace("~PID*", "~pid*"),
        [("PID", 10, "1", [])],
        "1 segment ids in lower case were read as upper case.",
    ),
    (
        Leniency.EXTRA_BLANKS,
        lambda t: t.replace("~PID*", "~ PID*"),
        [("PID", 10, "1", [])],
        "Blanks around 1 segment ids were ignored.",
    ),
    (
        Leniency.TRAILING_SEPARATORS,
        lambda t: t.replace("*62701*US~", "*62701*US***~"),
        [("N4", 8, "8", [(5, "3")])],
        "Element separators at the end of 1 segments were ignored.",
    ),
]
TEXTS = [
    (Leniency.PRINTABLE_TEXT, "PID*F*08***ÉCROU", "Text with characters outside of the X12 character set was read"),
    (Leniency.TRAILING_BLANKS, "PID*F*08***HEX BOLT  ", "Blanks at the end of text were kept."),
]


def names(found: Interchange) -> set[Leniency]:
    return {used.name for used in found.used}


@pytest.mark.parametrize(("name", "damage", "code", "note"), INTERCHANGE, ids=[case[0] for case in INTERCHANGE])
def test_what_an_interchange_needs_is_noted_or_refused(name: Leniency, damage: Damage, code: str, note: str) -> None:
    found = read_one(damage(file_850()))
    assert (found.findings, names(found), found.notes) == ([], {name}, [note])
    assert validate_set(found.groups[0].sets[0]).sentences == []
    assert refuse_leniencies(found, ALL_LENIENCIES) == []
    (refusal,) = refuse_leniencies(found, ALL_LENIENCIES - {name})
    assert (refusal.level, refusal.code) == ("interchange", code)
    assert refusal.text.endswith("which is not agreed")
    assert validate_set(found.groups[0].sets[0], allowed=ALL_LENIENCIES - {name}).verdict == "A"


@pytest.mark.parametrize(("name", "damage", "errors", "note"), SETS, ids=[case[0] for case in SETS])
def test_what_a_segment_needs_is_noted_or_refuses_its_set(
    name: Leniency, damage: Damage, errors: list[tuple[str, int, str, list[tuple[int, str]]]], note: str
) -> None:
    found = read_one(interchange(group(damage(tset()), tset(number="0002"))))
    one, two = found.groups[0].sets
    assert (found.findings, names(found), found.notes) == ([], {name}, [note])
    assert refuse_leniencies(found, frozenset()) == []
    assert validate_set(one).verdict == "A"
    strict = validate_set(one, allowed=ALL_LENIENCIES - {name})
    assert (strict.verdict, strict.codes) == ("R", ("5",))
    told = [(e.segment, e.position, e.code, [(x.position, x.code) for x in e.elements]) for e in strict.errors]
    assert told == errors
    assert validate_set(two, allowed=ALL_LENIENCIES - {name}).verdict == "A"


@pytest.mark.parametrize(("name", "row", "note"), TEXTS, ids=[case[0] for case in TEXTS])
@pytest.mark.parametrize("proof", [True, False])
def test_what_text_needs_is_noted_or_refuses_its_element(name: Leniency, row: str, note: str, proof: bool) -> None:
    (one,) = read_one(with_body(BODY_850[8], row)).groups[0].sets
    verdict = validate_set(one, proof=proof)
    assert (verdict.verdict, [used.name for used in verdict.used]) == ("A", [name])
    assert verdict.used[0].sentence.startswith(note)
    strict = validate_set(one, allowed=ALL_LENIENCIES - {name}, proof=proof)
    assert (strict.verdict, strict.used) == ("R", ())
    assert [(e.segment, x.position, x.code) for e in strict.errors for x in e.elements] == [("PID", 5, "6")]


def test_every_name_is_shown_here_and_has_words() -> None:
    assert {case[0] for case in (*INTERCHANGE, *SETS, *TEXTS)} == set(Leniency) == set(MEANINGS)
    assert set(Leniency) == ALL_LENIENCIES


def test_a_clean_file_needs_nothing() -> None:
    found = read_one(file_850())
    assert (found.used, found.oddities, refuse_leniencies(found, frozenset())) == ([], [], [])
    assert validate_set(found.groups[0].sets[0], allowed=frozenset()).used == ()


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_wrapped_files_give_the_same_segments_and_their_own_offsets(ending: str) -> None:
    text = interchange(group(*(tset(number=f"{n:04d}") for n in range(1, 30))))
    plain = split_interchanges(text.encode())[0]
    content = wrapped(text, ending).encode() + b"\r\n"
    (raw,) = split_interchanges(content)
    assert [s.elements for s in raw.segments] == [s.elements for s in plain.segments]
    for segment in raw.segments:
        start = content[segment.offset :].replace(ending.encode(), b"")
        assert start.startswith("*".join(segment.elements[:2]).encode()[:3])
    assert content[raw.offset : raw.end].endswith(b"~")
    assert content[raw.end :].strip() == b""


def test_a_line_of_eighty_columns_in_a_file_with_line_breaks_is_left_alone() -> None:
    text = with_body(BODY_850[5], "N3*1 MAIN ST~MSG*" + "Y" * 75).replace("~", "~\n")
    (raw,) = split_interchanges(text.encode())
    assert Leniency.WRAPPED_LINES not in {used.name for used in raw.used}
    assert ["MSG", "Y" * 75] in [s.elements for s in raw.segments]
