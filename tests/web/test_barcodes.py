"""Numbers as Code 128, as a scanner reads them."""

from __future__ import annotations

import re

import pytest

from distportal.web.barcodes import HEIGHT, QUIET, barcode_svg, widths_of

START_B, STOP = [2, 1, 1, 2, 1, 4], [2, 3, 3, 1, 1, 1, 2]


def test_the_bars_are_those_of_the_standard() -> None:
    letter_a, check_34 = [1, 1, 1, 3, 2, 3], [1, 3, 1, 1, 2, 3]
    assert widths_of("A") == [*START_B, *letter_a, *check_34, *STOP]


def test_each_bar_is_drawn_in_its_place_between_quiet_zones() -> None:
    drawn = barcode_svg("A")
    bars = [(int(at), int(width)) for at, width in re.findall(r"M(\d+) 0h(\d+)v", drawn)]
    widths = widths_of("A")
    assert [width for _, width in bars] == widths[::2]
    assert bars[:2] == [(QUIET, 2), (QUIET + 3, 1)]
    assert f'viewBox="0 0 {2 * QUIET + sum(widths)} {HEIGHT}"' in drawn


@pytest.mark.parametrize("text", ["", "Ñ-1"])
def test_what_it_cannot_say_is_not_drawn(text: str) -> None:
    assert barcode_svg(text) == ""


def test_a_number_is_never_markup() -> None:
    assert "<b>" not in barcode_svg("<b>1")
