"""A connection's mapping tables while one call is made: asked without a query a code, uses counted in the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from distportal.systems.erp.spoken import speaking
from distportal.systems.errors import Unmapped
from distportal.systems.mapping.words import Words, count_uses, words_of


class SpokenWords:
    """The words of a scope, and which of them were used."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self.used: Counter[tuple[str, str]] = Counter()

    def ours(self, kind: str, code: str) -> str | None:
        """Our code of theirs."""
        found = self._words.ours.get(kind, {}).get(code)
        if found is not None:
            self.used[kind, code] += 1
        return found

    def theirs(self, kind: str, code: str) -> str | None:
        """Their code of ours."""
        found = self._words.theirs.get(kind, {}).get(code)
        if found is not None:
            self.used[kind, found] += 1
        return found


@contextmanager
def tables_of(scope: str) -> Iterator[None]:
    """Inside the block the scope's tables are in force; a code that is missing is told with the scope."""
    words = words_of(scope)
    spoken = SpokenWords(words)
    try:
        with speaking(spoken):
            yield
    except Unmapped as error:
        error.scope = scope
        raise
    finally:
        count_uses(words, spoken.used)
