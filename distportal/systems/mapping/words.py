"""Look codes up: each process keeps a scope's table until somebody changes it or a day begins.

One query tells whether what is kept still holds; only a table that changed is read again, as a whole.
"""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils import timezone

from distportal.common.marks import A_TEXT
from distportal.common.prepared import PreparedValues
from distportal.common.remembering import remembered
from distportal.systems.mapping.models import CodeBook, CrossReference, SavedRule
from distportal.systems.mapping.uses import note_uses


@dataclass(frozen=True, slots=True)
class Words:
    """Both directions of a scope on one day, by kind; a code of ours with several of theirs has the first by name.
    `rules` are the saved rules by the id of their cross reference.
    """

    ours: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    theirs: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    ids: Mapping[tuple[str, str], int] = field(default_factory=dict)
    rules: Mapping[int, int] = field(default_factory=dict)


_MARK = PreparedValues(lambda scope: CodeBook.objects.filter(pk=scope).values_list("mark"), A_TEXT)
_EMPTY = Words()
_lock = threading.Lock()
_kept: dict[str, tuple[uuid.UUID, dt.date, Words]] = {}


def words_of(scope: str) -> Words:
    """The scope's words of today."""
    mark = remembered(("mapping.mark", scope), lambda: _mark(scope))
    if mark is None:
        return _EMPTY
    today = timezone.localdate()
    with _lock:
        kept = _kept.get(scope)
    if kept is None or kept[:2] != (mark, today):
        # Rows are read after the mark: what is kept can be newer than its mark says, never older.
        kept = (mark, today, _read(scope, today))
        with _lock:
            _kept[scope] = kept
    return kept[2]


def ours(scope: str, kind: str, codes: Iterable[str]) -> dict[str, str]:
    """Their code -> ours, for those that are mapped today; their use is counted."""
    return _looked_up(words_of(scope), kind, codes, back=False)


def theirs(scope: str, kind: str, codes: Iterable[str]) -> dict[str, str]:
    """Our code -> theirs, for those that are mapped today; their use is counted."""
    return _looked_up(words_of(scope), kind, codes, back=True)


def forget_words() -> None:
    """The next question reads every table again."""
    with _lock:
        _kept.clear()


def count_uses(words: Words, used: Mapping[tuple[str, str], int]) -> None:
    """Count uses of (kind, their code) pairs."""
    note_uses({words.ids[key]: times for key, times in used.items() if key in words.ids})


def _mark(scope: str) -> uuid.UUID | None:
    found = _MARK.first(scope)
    return found[0] if found else None


def _looked_up(words: Words, kind: str, codes: Iterable[str], *, back: bool) -> dict[str, str]:
    table = (words.theirs if back else words.ours).get(kind, {})
    found = {code: table[code] for code in codes if code in table}
    count_uses(words, {(kind, there if back else code): 1 for code, there in found.items()})
    return found


def _read(scope: str, today: dt.date) -> Words:
    rows = CrossReference.objects.filter(
        Q(valid_from=None) | Q(valid_from__lte=today), Q(valid_until=None) | Q(valid_until__gte=today), scope=scope
    ).order_by("kind", "theirs")
    ours: dict[str, dict[str, str]] = {}
    theirs: dict[str, dict[str, str]] = {}
    ids: dict[tuple[str, str], int] = {}
    for pk, kind, there, here in rows.values_list("pk", "kind", "theirs", "ours"):
        ours.setdefault(kind, {})[there] = here
        theirs.setdefault(kind, {}).setdefault(here, there)
        ids[kind, there] = pk
    saved = SavedRule.objects.filter(reference_id__in=rows.values("pk"))
    return Words(ours, theirs, ids, dict(saved.values_list("reference_id", "pk")))
