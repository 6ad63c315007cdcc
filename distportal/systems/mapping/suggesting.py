"""What a missing code is likely to mean."""

from __future__ import annotations

from collections.abc import Iterator

from distportal.systems.mapping.choices import Side
from distportal.systems.mapping.models import CrossReference, MissingCode
from distportal.systems.mapping.registry import Suggestion, our_codes, scope_title

MOST = 8


def suggestions_for(missing: MissingCode) -> list[Suggestion]:
    """The likeliest partners of the code, each once: what others mean by it, the same code, then what the app that
    knows the kind finds.
    """
    found: dict[str, Suggestion] = {}
    for suggestion in (*_elsewhere(missing), *_same(missing), *_known(missing)):
        found.setdefault(suggestion.code, suggestion)
    return list(found.values())[:MOST]


def _elsewhere(missing: MissingCode) -> Iterator[Suggestion]:
    known, wanted = ("theirs", "ours") if missing.side == Side.THEIRS else ("ours", "theirs")
    rows = CrossReference.objects.filter(kind=missing.kind, **{known: missing.code}).exclude(scope=missing.scope)
    for scope, code in rows.order_by("-hits", "scope").values_list("scope", wanted)[:3]:
        yield Suggestion(code, f"so for {scope_title(scope)}")


def _same(missing: MissingCode) -> Iterator[Suggestion]:
    codes = our_codes(missing.kind)
    if missing.side == Side.OURS or (codes and missing.code in codes.known([missing.code])):
        yield Suggestion(missing.code, "the same code")


def _known(missing: MissingCode) -> Iterator[Suggestion]:
    codes = our_codes(missing.kind)
    if codes:
        yield from codes.suggest(missing)
