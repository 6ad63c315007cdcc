"""Demo goods: what the company's carriers do not take, and documents of three items."""

from __future__ import annotations

import datetime as dt
import io
from uuid import UUID, uuid5

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils.timezone import localdate
from PIL import Image, ImageDraw
from reportlab.lib.pagesizes import LETTER
from reportlab.pdfgen.canvas import Canvas

from distportal.uploads.cleaning import clean_file
from inventory.choices import DocumentKind, DocumentLanguage, ShipMethod
from inventory.models import ShippingRestriction
from inventory.process.documents import DocumentFacts, file_document

_SPACE = UUID("6d1f0a52-6f2c-4f0b-9a53-2f1a6f2f7c11")
_BOLTS, _CEMENT, _VALVE = ("FST-10001", "FST-10002"), ("PLB-30002",), ("PLB-30001",)
_KIND, _LANGUAGE = DocumentKind, DocumentLanguage


@transaction.atomic
def seed_inventory() -> None:
    """Flammable liquids go by no plane; a bolt, a cement and a valve have documents, one of them for ourselves."""
    ShippingRestriction.objects.get_or_create(
        hazard_class="3", item=None, reason="flammable liquids travel by road only",
        defaults={"methods": [ShipMethod.AIR]},
    )  # fmt: skip
    until = dt.date(localdate().year + 1, 6, 30)
    for facts in (
        _facts(_BOLTS, _KIND.SPECIFICATION, "Zinc plated fasteners", _LANGUAGE.ENGLISH),
        _facts(_BOLTS, _KIND.CERTIFICATE, "Mill test report 2026", _LANGUAGE.ENGLISH, until=until),
        _facts(_BOLTS[:1], _KIND.DRAWING, "Hex bolt 1/2-13 x 2 in"),
        _facts(_BOLTS, _KIND.CERTIFICATE, "Supplier audit", _LANGUAGE.ENGLISH, internal=True),
        _facts(_CEMENT, _KIND.SAFETY_DATA_SHEET, "PVC cement, safety data sheet", _LANGUAGE.ENGLISH),
        _facts(_CEMENT, _KIND.SAFETY_DATA_SHEET, "Cemento para PVC, hoja de seguridad", _LANGUAGE.SPANISH),
        _facts(_VALVE, _KIND.MANUAL, "Brass valves, fitting and care", _LANGUAGE.ENGLISH),
    ):
        _file(facts)


def _facts(
    skus: tuple[str, ...], kind: DocumentKind, title: str, language: DocumentLanguage | None = None, *,
    internal: bool = False, until: dt.date | None = None,
) -> DocumentFacts:  # fmt: skip
    return DocumentFacts(skus=skus, kind=kind, title=title, language=language, internal=internal, valid_until=until)


def _file(facts: DocumentFacts) -> None:
    drawn = _drawing() if facts.kind == DocumentKind.DRAWING else _sheet(facts)
    file = clean_file(SimpleUploadedFile(f"{facts.title.replace('/', '-')}", drawn))
    file_document(token=uuid5(_SPACE, facts.title), facts=facts, file=file, by="Northline")


def _sheet(facts: DocumentFacts) -> bytes:
    """One page, the same bytes each time."""
    made = io.BytesIO()
    page = Canvas(made, pagesize=LETTER, invariant=1)
    page.setTitle(facts.title)
    page.setFont("Helvetica-Bold", 18)
    page.drawString(72, 700, facts.title)
    page.setFont("Helvetica", 11)
    page.drawString(72, 672, f"{facts.kind.label}. Items: {', '.join(facts.skus)}")
    page.drawString(72, 654, "Made for the demonstration; it describes no real goods.")
    page.save()
    return made.getvalue()


def _drawing() -> bytes:
    """A bolt from the side."""
    picture = Image.new("L", (900, 360), "white")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((120, 90, 220, 270), outline="black", width=4)
    pen.rectangle((220, 130, 760, 230), outline="black", width=4)
    for at in range(470, 760, 16):
        pen.line((at, 130, at - 12, 230), fill="black", width=2)
    pen.line((220, 300, 760, 300), fill="black", width=2)
    pen.text((470, 305), "2 in", fill="black", font_size=30)
    made = io.BytesIO()
    picture.save(made, "PNG")
    return made.getvalue()
