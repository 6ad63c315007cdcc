"""Words of a language are looked up once a process: a page says eight hundred, and most of them again for each row.

Django asks two catalogues, and the English one behind them, each time anew.
"""

from __future__ import annotations

from typing import Final

from django.utils.translation import trans_real

MOST: Final = 20_000
"""So many words are kept of a language; stored words that are said, too, might else add up for ever."""


def look_up_once(language: str) -> None:
    """From now on each word of that language is looked up once; what it comes to is Django's own."""
    catalogue = trans_real.translation(language)
    if "gettext" in vars(catalogue):
        return
    look_up, known = catalogue.gettext, {}  # type: ignore[var-annotated]

    def gettext(message: str) -> str:
        words = known.get(message)
        if words is None:
            words = look_up(message)
            if len(known) < MOST:
                known[message] = words
        return str(words)

    catalogue.gettext = gettext  # type: ignore[method-assign]
