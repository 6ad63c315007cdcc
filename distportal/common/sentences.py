"""Sentences that were stored in English, said again in the reader's language.

What is written into the database is English, whoever caused it: our people read it, and two people of one company read
the same (docs/translation.md). Each of these sentences was made from one of the catalogue, with its values put in; here
the catalogue's sentence is found again by what stands around its values, and is said with the same values. So no table
keeps codes beside its words, and what was stored years ago is translated as well. A text that no sentence of the
catalogue fits, such as what a person typed, stays as it is.
"""

from __future__ import annotations

import datetime as dt
import re
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

ENGLISH = "en"
LEAST, SHORT = 5, 10
"""So many letters stand around the values of a sentence, or it would be found in anything; around those that have less
than SHORT stand values of two words at most: `contract %(code)s` is not what somebody means by “contract is over”.
"""
_VALUE = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")
_ESCAPED_VALUE = re.compile(r"%\\\((\w+)\\\)[sd]|\\\{(\w+)\\\}")
_TELLING = re.compile(r"[^\s\d_:;,.()·/–-]")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAY = re.compile(rf"(\d{{1,2}}) ({'|'.join(_MONTHS)}) (\d{{4}})")
_JOINTS = ("; ", ". ", ", ")


@dataclass(frozen=True, slots=True)
class _Sentence:
    """One of the catalogue. `one` is how it is looked up, `many` its plural; `form` finds it, `core` is its longest
    piece without values, `weight` how much of it is no value.
    """

    one: str
    many: str
    form: re.Pattern[str]
    core: str
    weight: int


def said_again(text: str) -> str:
    """The text in the active language, where it is one sentence of the catalogue or several joined by `;`, `.` or `,`;
    else the text itself.
    """
    language = translation.get_language() or ENGLISH
    if not text or language == ENGLISH:
        return text
    return _said(text, language)


@lru_cache(maxsize=4096)
def _said(text: str, _language: str) -> str:
    whole = _whole(text)
    if whole is not None:
        return whole
    for joint in _JOINTS:
        parts = text.split(joint)
        said = [_whole(part) for part in parts] if len(parts) > 1 else []
        if any(one is not None for one in said):
            return joint.join(
                _said(part, _language) if one is None else one for part, one in zip(parts, said, strict=True)
            )
    return _DAY.sub(_day, text)


def _whole(text: str) -> str | None:
    """The text as one sentence, with or without its full stop; None where none fits."""
    body = text.rstrip(".")
    for said in dict.fromkeys((text, body, body + ".")):
        if said in _plain():
            stop = "" if said == text else text[len(body) :]
            return gettext(said).rstrip("." if said != text else "") + stop
    for sentence in _formed():
        if sentence.core in text and (found := sentence.form.fullmatch(text)):
            return _filled(sentence, found.groupdict())
    return None


def _filled(sentence: _Sentence, values: Mapping[str, str]) -> str:
    said = {name: value_again(value) for name, value in values.items()}
    words = gettext(sentence.one)
    if sentence.many:
        count = next((int(value) for value in values.values() if value.isdecimal()), 1)
        words = ngettext(sentence.one, sentence.many, count)
    # A form may name a value that this one was stored without: then the place stays as the catalogue has it.
    return _VALUE.sub(lambda found: said.get(found[1] or found[2], found[0]), words).replace("%%", "%")


def value_again(text: str) -> str:
    """A value inside a sentence: it may be a sentence itself, a word in small letters, or a day; the rest are names and
    numbers, which stay even where a word of the catalogue is spelled like one.
    """
    if (translation.get_language() or ENGLISH) == ENGLISH:
        return text
    if text.islower() and text not in _plain() and text.capitalize() in _plain():
        return gettext(text.capitalize()).lower()
    return said_again(text) if text.islower() or " " in text else text


def _day(found: re.Match[str]) -> str:
    try:
        day = dt.date(int(found[3]), _MONTHS.index(found[2]) + 1, int(found[1]))
    except ValueError:
        return found[0]
    return date_format(day, "d M Y" if len(found[1]) == 2 else "j M Y")


@cache
def _plain() -> frozenset[str]:
    """The sentences and words without values."""
    return frozenset(one for one, many in _catalogue() if not many and not _VALUE.search(one))


@cache
def _formed() -> tuple[_Sentence, ...]:
    """Those with values, the most telling first: `%(sku)s is %(status)s since %(day)s` before the one without a day."""
    found = (
        _sentence(text, one, many)
        for one, many in _catalogue()
        for text in ((one, many) if many else (one,))
        if (many or _VALUE.search(text)) and "<" not in text
    )
    return tuple(sorted((one for one in found if one.weight >= LEAST), key=lambda one: -one.weight))


def _sentence(text: str, one: str, many: str) -> _Sentence:
    pieces = _VALUE.sub("\0", text.replace("%%", "%")).split("\0")
    seen: set[str] = set()
    weight = len(_TELLING.findall("".join(pieces)))
    value = r".+?" if weight >= SHORT else r"\S+(?: \S+)?"

    def group(found: re.Match[str]) -> str:
        name = found[1] or found[2]
        again = name in seen
        seen.add(name)
        return f"(?P={name})" if again else f"(?P<{name}>{value})"

    form = re.compile(_ESCAPED_VALUE.sub(group, re.escape(text).replace("%%", "%")), re.DOTALL)
    return _Sentence(one=one, many=many, form=form, core=max(pieces, key=len), weight=weight)


@cache
def _catalogue() -> tuple[tuple[str, str], ...]:
    """Every sentence of the portal, with its plural or nothing: what any language of it has."""
    files = (file for folder in settings.LOCALE_PATHS for file in sorted(Path(folder).glob("*/LC_MESSAGES/django.mo")))
    return tuple(dict.fromkeys(found for file in files for found in _messages(file.read_bytes())))


def _messages(content: bytes) -> Iterator[tuple[str, str]]:
    """The msgids of a .mo file (GNU gettext manual, "The Format of GNU MO Files"); those with a context are single
    words, which no stored text is made of.
    """
    order = "<" if content[:4] == b"\xde\x12\x04\x95" else ">"
    count, table = struct.unpack_from(f"{order}2I", content, 8)
    for at in range(count):
        length, start = struct.unpack_from(f"{order}2I", content, table + 8 * at)
        one, _, many = content[start : start + length].decode().partition("\0")
        if one and "\x04" not in one:
            yield one, many
