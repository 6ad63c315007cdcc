"""What counts as a word in a name, and which known word a mistyped one is near to."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.db import connection

LEAST, LONGEST = 3, 40
_WORD = re.compile(r"[^\W\d_]{3,}")
_NEAREST = """
SELECT asked.word, near.word
  FROM unnest(%(words)s::text[]) asked(word)
 CROSS JOIN LATERAL (
       SELECT w.word FROM inventory_searchword w WHERE w.word %% asked.word
        ORDER BY similarity(w.word, asked.word) DESC, w.word LIMIT 1) near
"""
_LOOK_ALIKE = str.maketrans("O0I1LS5B8Z2", "0O1I15S8B2Z")


def words_of(text: str) -> list[str]:
    """The words of three letters and more, in small letters; codes and figures are none."""
    return [word.lower()[:LONGEST] for word in _WORD.findall(text)]


def slips_of(word: str) -> list[str]:
    """What was meant if one slip of the pen made this word: two neighbours changed places, one sign too many, or one
    that looks like another (`O` and `0`).
    """
    cuts = [(word[:at], word[at:]) for at in range(len(word))]
    swapped = [left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1]
    short = [left + right[1:] for left, right in cuts]
    alike = [left + right[0].translate(_LOOK_ALIKE) + right[1:] for left, right in cuts]
    return [one for one in dict.fromkeys((*swapped, *short, *alike)) if one != word and len(one) >= LEAST]


def nearest_words(words: Sequence[str]) -> dict[str, str]:
    """For each word the known one nearest to it: itself, one slip away, or alike by trigrams; two statements. Words
    that are like none are left out.
    """
    slips = {slip: word for word in words for slip in (*slips_of(word), word)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT word FROM inventory_searchword WHERE word = ANY(%s)", [list(slips)])
        close: dict[str, str] = {}
        for (found,) in cursor.fetchall():
            if found == slips[found] or slips[found] not in close:
                close[slips[found]] = found
        rest = [word for word in words if word not in close]
        if rest:
            cursor.execute(_NEAREST, {"words": rest})
            close.update(cursor.fetchall())
    return close
