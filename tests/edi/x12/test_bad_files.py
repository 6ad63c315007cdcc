"""The corpus of bad files: each has one clear verdict, and what is good in it stays good."""

from __future__ import annotations

from pathlib import Path

import pytest

from edi.x12.envelope import read_interchange
from edi.x12.errors import NoInterchange
from edi.x12.tokens import split_interchanges
from edi.x12.validate import validate_set
from tests.edi.x12.texts import BODY_850, file_850, group, interchange, read_one, set_of, tset

BAD = Path(__file__).resolve().parent.parent / "samples" / "bad"

VERDICTS = {
    "cut_off": ["023 G3 R2"],
    "unsupported_set": ["000 G R1 A"],
    "wrong_set_count": ["000 G R4 A"],
    "wrong_group_count": ["000 G5 A G A"],
    "wrong_interchange_count": ["021 G A", "000 G A"],
    "no_group": ["024"],
    "unknown_release": ["000 G2 R1"],
    "bom_crlf": ["000 G A"],
    "latin_1": ["000 G A"],
    "not_an_order": ["000 G R5"],
}


def verdict(content: bytes) -> list[str]:
    """Per interchange: TA105, then G with AK905 of each group, then AK5 with AK502 of its sets."""
    found = []
    for raw in split_interchanges(content):
        one = read_interchange(raw)
        words = [one.ta1_code]
        for received in one.groups:
            words.append("G" + ",".join(f.code for f in received.findings))
            words += [v.verdict + ",".join(v.codes) for v in map(validate_set, received.sets)]
        found.append(" ".join(words))
    return found


@pytest.mark.parametrize("name", sorted(VERDICTS))
def test_each_bad_file_has_its_verdict(name: str) -> None:
    assert verdict((BAD / f"{name}.edi").read_bytes()) == VERDICTS[name]


@pytest.mark.parametrize("name", ["empty", "no_isa", "binary"])
def test_files_without_an_interchange_are_refused_with_a_sentence(name: str) -> None:
    with pytest.raises(NoInterchange, match=r"^The file .*\.$"):
        split_interchanges((BAD / f"{name}.edi").read_bytes())


def test_the_corpus_is_complete() -> None:
    assert {p.stem for p in BAD.glob("*.edi")} == {*VERDICTS, "empty", "no_isa", "binary"}


@pytest.mark.parametrize(
    ("old", "new", "code"), [("*261123*", f"*2611{'9' * 40}*", "014"), ("*0*P*", "*0*P\u00b2*", "020")]
)
def test_absurd_header_values_are_findings(old: str, new: str, code: str) -> None:
    assert read_one(file_850().replace(old, new, 1)).ta1_code == code


def test_superscript_digits_are_no_numbers() -> None:
    found = read_one(interchange(group(tset().replace("SE*12", "SE*1\u00b2"))))
    assert [f.code for f in found.groups[0].sets[0].findings] == ["4"]


def test_a_deeply_nested_order_is_taken() -> None:
    rows = [
        *BODY_850[:4],
        "N9*L1*NOTES",
        "MSG*HELLO",
        *BODY_850[4:9],
        "SAC*A*C310***500",
        "SDQ*EA*92*0001*6*0002*6",
        "TD5**2*UPSN*U",
        "QTY*38*12*EA",
        "SCH*6*EA***002*20261201",
        "TD5**2*UPSN*U",
        "LS*LDT",
        "LDT*AF*5*DA",
        "QTY*38*1",
        "LE*LDT",
        "N9*L1*LINE",
        "MSG*GIFT WRAP",
        "N1*ST**92*0002",
        "SLN*1**I*2*EA",
        "SLN*2**I*3*EA",
        "AMT*1*119.4",
        "PO1**1*EA***UP*012345678905",
        "CTT*2",
        "AMT*TT*119.4",
    ]
    assert validate_set(set_of(file_850(*rows))).sentences == []
    misplaced = [*rows[:-3], "AMT*1*1", "SLN*1**I*2*EA", *rows[-2:]]
    assert validate_set(set_of(file_850(*misplaced))).verdict == "R"
