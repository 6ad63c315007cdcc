"""What pages set in italics is on a screen: buttons, headings, columns, menus, and sentences that people are told."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import cache

import pytest
from django.apps import apps

from tests.architecture.test_docs import PAGES, ROOT

ALL = [*PAGES, *sorted(ROOT.glob("*/runbooks/*.md"))]
CODE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)
LABEL = re.compile(r"(?<![*\w\\])\*([^*\s][^*]*?)\*(?![*\w])")
OF_OTHERS = {
    "Administration / Users / User Applications", "Sale Amendment", "Sales Administrator",
}  # fmt: skip
"""On the screens of Tryton, which the page of its adapter speaks of."""
MEANT = {"not implemented"}
"""Said with weight, and on no screen."""
PUT_TOGETHER = ("24 EA ", "D-100311 is rejected and cannot be split", "line 2 is with ERP")
"""Sentences that are made of parts; their own tests have them."""
READ = (".py", ".html", ".txt", ".js")
FILLED = re.compile(r"\d|[A-Z]{3,}|: ")
"""What a screen fills in: numbers, codes, and what follows a colon."""


def shown() -> Iterator[tuple[str, str]]:
    """Page and label, once each; a way through menus is one label a step."""
    for page in ALL:
        text = CODE.sub("`code`", page.read_text())
        for label in sorted({re.sub(r"\s+", " ", found) for found in LABEL.findall(text)}):
            for part in label.split("→"):
                yield page.name, part.strip(" .,:[]")


@cache
def words() -> str:
    """All that the product may say, in small letters: sources, templates, and the names of tables and columns."""
    folders = ("distportal", "exceptions", "inventory", "orders", "edi", "templates")
    files = [path for app in folders for path in (ROOT / app).rglob("*") if path.suffix in READ]
    texts = [re.sub(r'"\s*\n\s*f?"', "", path.read_text()) for path in files]
    for model in apps.get_models():
        texts += [str(model._meta.verbose_name_plural), *(str(field.verbose_name) for field in model._meta.fields)]
    return re.sub(r"\s+", " ", html.unescape("\n".join(texts))).lower()


SHOWN = sorted({one for one in shown() if one[1] not in OF_OTHERS | MEANT and not one[1].startswith(PUT_TOGETHER)})


@pytest.mark.parametrize(("page", "label"), [one for one in SHOWN if not FILLED.search(one[1])])
def test_what_a_page_says_is_on_the_screen_is_among_its_words(page: str, label: str) -> None:
    assert label.lower() in words(), f"{page}: {label}"


@pytest.mark.parametrize(("page", "label"), [one for one in SHOWN if FILLED.search(one[1])])
def test_of_a_sentence_with_something_filled_in_the_words_between_are(page: str, label: str) -> None:
    parts = re.split(r"\S*(?:\d|[A-Z]{3,})\S*|: |…|\(|\)", label)
    between = [part.strip(" ,.;").lower() for part in parts if len(part.split()) > 1]
    assert [part for part in between if part not in words()] == [], f"{page}: {label}"


def test_there_are_labels() -> None:
    assert len(SHOWN) > 150
