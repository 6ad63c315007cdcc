"""The Spanish catalogue and the sources agree, whoever wrote the last sentence. `make words` brings them together."""

from __future__ import annotations

import datetime as dt
import re

from django.utils import translation
from django.utils.formats import date_format

from tests.words.sources import compiled, wanted, written

_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}|%%")
_TAG = re.compile(r"</?\w+")


def test_every_message_has_its_spanish_and_none_is_left_over() -> None:
    asked, there = {msgid for msgid, _ in wanted()}, written()
    assert sorted(asked - there.keys()) == [], "not in the catalogue: run `make words` and translate them"
    assert sorted(there.keys() - asked) == [], "nobody says this any more: run `make words`"
    assert [msgid for msgid, texts in there.items() if not texts or not all(texts)] == [], "not translated"


def test_placeholders_and_markup_are_the_same_in_both_languages() -> None:
    plurals = {msgid: plural for msgid, plural in wanted() if plural}
    wrong = []
    for msgid, texts in written().items():
        for form, text in enumerate(texts):
            said = plurals.get(msgid) if form else ""
            own = (said or msgid).rpartition("\x04")[2]
            if any(set(kind.findall(own)) != set(kind.findall(text)) for kind in (_PLACEHOLDER, _TAG)):
                wrong.append((own, text))
    assert wrong == []


def test_what_is_used_is_what_was_written() -> None:
    # The .mo is stored too: a machine on which the portal is set up has no compiler of catalogues.
    assert {key: sorted(texts) for key, texts in compiled().items()} == {
        key: sorted(texts) for key, texts in written().items()
    }


def test_months_are_djangos() -> None:
    # A message of ours that is spelled like one of Django's would take its place.
    with translation.override("es"):
        months = [date_format(dt.date(2026, month, 1), "F") for month in range(1, 13)]
    assert months == [
        "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
        "noviembre", "diciembre",
    ]  # fmt: skip
