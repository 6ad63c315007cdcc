"""A language that nobody speaks: English with accents, longer, in brackets; what cannot be translated shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from gettext import NullTranslations
from html.parser import HTMLParser

from django.utils.translation import trans_real

PSEUDO = "en-xa"
OPEN, CLOSE = "[!! ", " !!]"
_ACCENTS = str.maketrans("AaCcDdEeGgIiLlNnOoRrSsTtUuYyZz", "ÁáĆćĎďÉéĞğÍíĹĺŃńÓóŔŕŠšŤťÚúÝýŽž")
_KEPT = re.compile(r"(%\(\w+\)[sd]|%%|\{\w+\}|<[^>]*>|&#?\w+;)")
_BRACKETED = re.compile(r"\[!! (?:(?!\[!! | !!\]).)* !!\]", re.DOTALL)
_SHOWN = ("aria-label", "title", "placeholder", "alt", "data-label")


class PseudoCatalogue(NullTranslations):
    """`Order` becomes `[!! Óŕďéŕ·· !!]`: accented, four tenths longer; placeholders and markup stay."""

    plural = staticmethod(lambda n: int(n != 1))

    def language(self) -> str:
        return PSEUDO

    to_language = language

    def gettext(self, message: str) -> str:
        context, _, text = message.rpartition("\x04")
        if not text.strip() or "date filter" in context:
            return text
        said = "".join(part if _KEPT.fullmatch(part) else part.translate(_ACCENTS) for part in _KEPT.split(text))
        return f"{OPEN}{said}{'·' * (len(text) * 4 // 10)}{CLOSE}"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        # Forms of other languages calculate with the count: what only looks like a number fails here.
        return self.gettext(msgid1 if n % 1_000_000 == 1 else msgid2)


@contextmanager
def spoken() -> Iterator[None]:
    """The language can be chosen inside."""
    trans_real._translations[PSEUDO] = PseudoCatalogue()  # type: ignore[attr-defined]
    try:
        yield
    finally:
        del trans_real._translations[PSEUDO]  # type: ignore[attr-defined]


def unbracketed(text: str) -> str:
    """What of a text went around the catalogue."""
    while text != (text := _BRACKETED.sub(" ", text)):
        pass
    return text


class Visible(HTMLParser):
    """What people see or hear of a page: its texts, and the attributes that are read out."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._block: list[str] = []
        self._hidden = 0
        self.feed(page)
        self._end()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in ("script", "style", "datalist")
        if tag not in ("b", "code", "time", "a", "em", "strong", "span"):
            self._end()
        self.texts += [value for name, value in attrs if name in _SHOWN and value]

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style", "datalist")
        if tag not in ("b", "code", "time", "a", "em", "strong", "span"):
            self._end()

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self._block.append(data)

    def _end(self) -> None:
        text = " ".join("".join(self._block).split())
        self._block.clear()
        if text:
            self.texts.append(text)
