"""What could never travel or be stored: kept out by forms, onboarding and import alike."""

from __future__ import annotations

import re

_CODE = re.compile(r"[A-Z0-9_-]{1,20}")
_PATH = re.compile(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*")


def problem_with_code(code: str) -> str:
    """Why the code cannot be one, or ""; it names files."""
    return "" if _CODE.fullmatch(code) else "Use capitals, digits, dash and underscore: the code names files."


def problem_with_path(path: str) -> str:
    """Why the path of a mailbox cannot be one, or ""; it has to stay below EDI_ROOT."""
    return "" if _PATH.fullmatch(path) else "Use letters, digits, dash and underscore, with / between folders."


def problem_with_separators(*separators: str) -> str:
    """Why these cannot be the separators of one interchange, or ""."""
    if len(set(separators)) != len(separators) or any(len(one) != 1 or one.isalnum() for one in separators):
        return "The three separators must differ and must not be letters or digits."
    return ""


def code_from(name: str) -> str:
    """A code that may stand for this name or identity."""
    found = re.sub(r"[^A-Z0-9]+", "-", name.upper()).strip("-")[:20].strip("-")
    return found or "PARTNER"
