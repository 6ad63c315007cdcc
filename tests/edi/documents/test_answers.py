"""855 and 865 as they leave, byte for byte, in both releases; and the codes of whole answers."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from edi.documents.ack855 import AckLine, write_855
from edi.documents.ack_header import Detail, header_code, shown_lines
from edi.documents.ack_lines import AckStatus, summed
from edi.documents.poa865 import write_865
from edi.documents.registry import functional_id_of
from edi.x12.tokens import Elements
from edi.x12.writer import OutSet, render_interchange
from tests.edi.documents.answers import every_855, every_865, refused_855
from tests.edi.documents.samples import SAMPLES, clean_set
from tests.edi.x12.test_writer import envelope

WRITTEN: dict[tuple[str, str], Callable[[str], list[Elements]]] = {
    ("855", "every_line"): lambda release: write_855(every_855(), release=release),
    ("855", "refused_cancellation"): lambda release: write_855(refused_855(), release=release),
    ("865", "every_line"): lambda release: write_865(every_865(), release=release),
}


@pytest.mark.parametrize("release", ["004010", "005010"])
@pytest.mark.parametrize(("set_id", "name"), WRITTEN)
def test_each_answer_leaves_as_in_its_sample(set_id: str, name: str, release: str) -> None:
    path = SAMPLES / set_id / f"{name}_{release}.edi"
    out = envelope(functional_id=functional_id_of(set_id), version=release, line_breaks=True)
    written = render_interchange(out, [OutSet(set_id, "0001", WRITTEN[set_id, name](release))])
    assert written == path.read_bytes()
    clean_set(path)


def line(*codes: str) -> AckLine:
    statuses = tuple(AckStatus(code, Decimal(1), "EA") for code in codes)
    return AckLine("1", Decimal(1), "EA", None, (), statuses)


@pytest.mark.parametrize(
    ("codes", "detail", "code", "shown"),
    [
        (["IA", "IA"], "all", "AD", 2),
        (["IA", "IA"], "exceptions", "AK", 0),
        (["IA", "IA"], "none", "AT", 0),
        (["IR", "R2"], "all", "RD", 2),
        (["IR", "ID"], "none", "RJ", 0),
        (["IA", "IP"], "all", "AC", 2),
        (["IA", "IP"], "exceptions", "AE", 1),
        (["IA", "IP"], "none", "AC", 2),
        (["IA", "DR"], "all", "AC", 2),
        (["IH", "IH"], "all", "AH", 2),
        (["IA", "IH"], "all", "AC", 2),
    ],
)
def test_the_code_of_the_whole_follows_lines_and_agreement(
    codes: list[str], detail: Detail, code: str, shown: int
) -> None:
    lines = [line(one) for one in codes]
    assert (header_code(lines, detail), len(shown_lines(lines, detail))) == (code, shown)


def test_what_is_alike_is_added_up() -> None:
    parts = [AckStatus(code, Decimal(n), "EA") for code, n in (("IA", 3), ("IB", 1), ("IA", 4))]
    assert [(p.code, p.quantity) for p in summed(parts)] == [("IA", Decimal(7)), ("IB", Decimal(1))]
