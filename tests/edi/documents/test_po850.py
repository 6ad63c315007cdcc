"""850 -> canonical order: the samples, and what cannot be read."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path

import pytest

from distportal.canonical.base import from_json, to_json
from distportal.canonical.orders import Order
from edi.documents.po850 import Mapped850, read_850
from edi.x12.envelope import read_interchange
from edi.x12.errors import MappingError, Problem
from edi.x12.tokens import split_interchanges
from edi.x12.validate import validate_set
from tests.edi.x12.texts import BODY_850, file_850, set_of, with_body

SAMPLES = Path(__file__).resolve().parent.parent / "samples" / "850"


def mapped(text: str) -> Mapped850:
    return read_850(set_of(text), account="D-100")


def problems(text: str) -> list[Problem]:
    with pytest.raises(MappingError) as caught:
        mapped(text)
    return list(caught.value.problems)


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.edi")), ids=lambda p: p.stem)
def test_each_sample_gives_its_canonical_order(path: Path) -> None:
    (raw,) = split_interchanges(path.read_bytes())
    found = read_interchange(raw)
    assert found.findings == []
    tset = found.groups[0].sets[0]
    assert validate_set(tset).sentences == []
    result = read_850(tset, account="RIDGELINE")
    expected = json.loads(path.with_suffix(".json").read_text())
    assert {"order": to_json(result.order), "sources": result.sources, "notes": result.notes} == expected
    assert from_json(Order, expected["order"]) == result.order


def test_lineage_points_at_the_segment_of_each_line() -> None:
    tset = set_of(file_850())
    (at,) = read_850(tset, account="D-100").sources.values()
    assert tset.segments[at - 1].elements[:3] == ["PO1", "1", "12"]


def test_all_problems_are_told_at_once() -> None:
    text = file_850(
        "BEG*99*SA* **20261399",
        "DTM*010*2026",
        "PO1*1*0*EA*9,95*PE*UP*012345678905",
        "PO1*1**  *-1",
    )
    assert sorted((p.segment, p.position, p.element) for p in problems(text)) == [
        ("BEG", 2, 1),
        ("BEG", 2, 3),
        ("BEG", 2, 5),
        ("DTM", 3, 2),
        ("N1", 2, 0),
        ("PO1", 4, 2),
        ("PO1", 4, 4),
        ("PO1", 5, 1),
        ("PO1", 5, 2),
        ("PO1", 5, 3),
        ("PO1", 5, 4),
        ("PO1", 5, 6),
    ]


def test_lines_without_a_number_get_one_that_no_other_line_uses() -> None:
    rows = [row.format(n) for n in ("", "1", "") for row in ("PO1*{}*1*EA*1**UP*012345678905",)]
    result = mapped(file_850(*BODY_850[:7], *rows))
    assert [line.line_no for line in result.order.lines] == ["2", "1", "3"]
    assert result.sources == {"2": 9, "1": 10, "3": 11}


def test_a_problem_is_a_sentence_with_its_place() -> None:
    (only,) = problems(with_body(BODY_850[0], "BEG*07*SA*PO-1001**20261123"))
    assert str(only) == "BEG01 (segment 2): The purpose '07' of an order is not known here."


def test_orders_spread_over_places_are_refused_not_guessed() -> None:
    rows = list(BODY_850)
    rows.insert(9, "SDQ*EA*92*0001*6*0002*6")
    (only,) = problems(file_850(*rows))
    assert (only.segment, only.position) == ("SDQ", 11)
    two = [*BODY_850[:7], "N1*ST*STORE 15*92*0015", *BODY_850[7:]]
    (only,) = problems(file_850(*two))
    assert (only.segment, only.position, only.element) == ("N1", 9, 4)


def test_prices_per_hundred_are_brought_to_the_unit() -> None:
    line = mapped(with_body(BODY_850[7], "PO1*1*12*EA*995*HP*UP*012345678905")).order.lines[0]
    assert line.unit_price == Decimal("9.95")


def test_a_wrong_line_count_is_a_note_and_no_refusal() -> None:
    assert mapped(with_body("CTT*1", "CTT*4")).notes == ["CTT01 counts 4 lines, 1 came."]


def test_dates_fall_back_in_order() -> None:
    order = mapped(with_body(BODY_850[3], "DTM*038*20261220~DTM*061*20261218~DTM*002*20261201")).order
    assert order.cancel_after == dt.date(2026, 12, 18)
    assert order.requested_on == dt.date(2026, 12, 1)
