"""GS1-128 labels: what is printed, and that a scanner reads it as GS1."""

from __future__ import annotations

import dataclasses

import pytest
import zxingcpp
from PIL import Image

from distportal.canonical.parts import Address
from edi.documents.label import Label, render_labels
from edi.documents.sscc import sscc18
from edi.x12.errors import WriteError
from tests.edi.documents.pdf_pages import pictures, words

SSCC = sscc18("0614141", 123456789)
LABEL = Label(
    sscc=SSCC,
    count="Carton 1 of 2",
    ship_from=Address(
        code="DC1", name="Northline Supply", street="1 Dock Rd", city="Reno", region="NV", postcode="89501"
    ),
    ship_to=Address(code="0014", name="Ridgeline Store 14", city="Sparks", region="NV", postcode="89431-1234"),
    carrier="UPSN",
    tracking_number="1Z999",
    bill_of_lading="BOL77",
    po_number="RL-70001",
    shipment_number="80000123",
)


def scanned(page: Image.Image) -> set[tuple[str, str, str]]:
    found = zxingcpp.read_barcodes(page)
    return {(code.text, code.symbology_identifier, code.content_type.name) for code in found}


def test_a_scanner_reads_code_and_postal_code_as_gs1() -> None:
    [page] = pictures(render_labels([LABEL]))
    assert scanned(page) == {(f"(00){SSCC}", "]C1", "GS1"), ("(420)89431", "]C1", "GS1")}


@pytest.mark.parametrize(
    ("postcode", "country", "read"),
    [("K1A 0B1", "CA", "(420)K1A0B1"), ("89431", "US", "(420)89431"), ("01-234", "PL", "(420)01234")],
)
def test_postal_codes_of_other_countries_are_whole(postcode: str, country: str, read: str) -> None:
    there = dataclasses.replace(LABEL.ship_to, postcode=postcode, country=country)
    [page] = pictures(render_labels([dataclasses.replace(LABEL, ship_to=there)]))
    assert read in {text for text, _, _ in scanned(page)}


def test_people_can_read_it_too() -> None:
    text = words(render_labels([LABEL]))
    for said in (
        "Ridgeline Store 14",
        "Northline Supply",
        "UPSN",
        "PRO 1Z999",
        "B/L BOL77",
        "PO RL-70001",
        "Carton 1 of 2",
    ):
        assert said in text, said
    assert f"\\(00\\) {SSCC[0]} {SSCC[1:8]} {SSCC[8:17]} {SSCC[17]}" in text
    assert "\\(420\\) 89431" in text


def test_each_unit_has_its_page_and_its_own_code() -> None:
    codes = [sscc18("0614141", n) for n in range(1, 201)]
    labels = [dataclasses.replace(LABEL, sscc=code, count=f"Carton {n} of 200") for n, code in enumerate(codes, 1)]
    pdf = render_labels(labels)
    pages = pictures(pdf)
    assert len(pages) == 200
    assert (f"(00){codes[0]}", "]C1", "GS1") in scanned(pages[0])
    assert (f"(00){codes[199]}", "]C1", "GS1") in scanned(pages[199])
    assert pdf == render_labels(labels)


def test_without_a_postal_code_it_says_so_and_has_one_barcode() -> None:
    pdf = render_labels([dataclasses.replace(LABEL, ship_to=Address(code="0014"))])
    assert "not known" in words(pdf)
    assert scanned(pictures(pdf)[0]) == {(f"(00){SSCC}", "]C1", "GS1")}


def test_letters_the_font_lacks_become_question_marks() -> None:
    there = dataclasses.replace(LABEL.ship_to, name="Größe λ")
    assert "Gr\\366\\337e ?" in words(render_labels([dataclasses.replace(LABEL, ship_to=there)]))


@pytest.mark.parametrize("code", ["", "123", SSCC[:17] + str((int(SSCC[17]) + 1) % 10)])
def test_a_wrong_code_is_never_printed(code: str) -> None:
    with pytest.raises(WriteError, match="SSCC-18"):
        render_labels([dataclasses.replace(LABEL, sscc=code)])
