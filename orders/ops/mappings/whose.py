"""Whose codes are meant: typed as people call them, so that no page lists every account."""

from __future__ import annotations

from collections.abc import Mapping

from distportal.systems.mapping.errors import BadMapping
from distportal.systems.mapping.registry import Scope, find_scopes, scope_title, scope_titles

OFFERED = 20


def offered(text: str = "") -> list[Scope]:
    """A few that a browser offers while one types."""
    return find_scopes(text, most=OFFERED)


def meant(form: Mapping[str, str]) -> str:
    """The scope that is chosen by `scope`, else typed as `whose`. Raises BadMapping where that could be several or
    nobody.
    """
    given, text = form.get("scope", "").strip(), form.get("whose", "").strip()
    if given or not text:
        return given
    if text in scope_titles([text]):
        return text
    found = find_scopes(text)
    same = [scope for scope in found if text.lower() in (scope.title.lower(), scope.name.partition(":")[2].lower())]
    if len(same) == 1 or len(found) == 1:
        return (same or found)[0].name
    if not found:
        raise BadMapping(f"There is nobody called {text}; nothing was saved.")
    names = ", ".join(scope.title for scope in found[:5])
    raise BadMapping(f"{text} could be {names}{' and others' if len(found) > 5 else ''}: type more; nothing was saved.")


def among(text: str, scope: str) -> list[str] | None:
    """The scopes that a list is narrowed to; None for all."""
    if scope:
        return [scope]
    return [one.name for one in find_scopes(text, most=500)] if text.strip() else None


def shown(text: str, scope: str) -> str:
    """What stands in the field."""
    return text or (scope_title(scope) if scope else "")
