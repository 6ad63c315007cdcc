"""What the code and the templates want translated, and what the catalogue holds."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from gettext import GNUTranslations
from pathlib import Path

from django.conf import settings
from django.utils.translation.template import templatize

from distportal.common import sentences

Message = tuple[str, str]
"""The msgid, and its plural or nothing; a context stands before the msgid with `\\x04` between, as in a .mo file."""
APPS = ("distportal", "exceptions", "inventory", "orders", "edi")
FOLDER = Path(settings.LOCALE_PATHS[0]) / "es" / "LC_MESSAGES"
_ONE = frozenset({"_", "gettext", "gettext_lazy", "gettext_noop"})
_MANY = frozenset({"ngettext", "ngettext_lazy"})
_CONTEXT = frozenset({"pgettext", "pgettext_lazy"})
_CALL = re.compile(r"\b(_|gettext|ngettext|pgettext)\(")
_LITERAL = re.compile(r"""\s*,?\s*u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""", re.DOTALL)


@cache
def wanted() -> set[Message]:
    """Every message of the sources."""
    root = Path(settings.BASE_DIR)
    found: set[Message] = set()
    for app in APPS:
        for path in (root / app).rglob("*.py"):
            found |= set(_of_python(path.read_text(encoding="utf-8")))
    for folder in (root / "templates", *(root / app for app in APPS)):
        for path in (*folder.rglob("*.html"), *folder.rglob("*.txt")):
            found |= set(_of_template(path.read_text(encoding="utf-8")))
    return found


def _of_python(text: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            said = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            yield from _message(node.func.id, said)


def _of_template(text: str) -> Iterator[Message]:
    code = templatize(text)
    for call in _CALL.finditer(code):
        said, at = [], call.end()
        while literal := _LITERAL.match(code, at):
            said.append(ast.literal_eval(literal[1]))
            at = literal.end()
        yield from _message(call[1], said)


def _message(name: str, said: list[str]) -> Iterator[Message]:
    if name in _ONE and said:
        yield said[0], ""
    elif name in _MANY and len(said) >= 2:
        yield said[0], said[1]
    elif name in _CONTEXT and len(said) >= 2:
        yield f"{said[0]}\x04{said[1]}", ""


@contextmanager
def sources_known() -> Iterator[None]:
    """distportal/common/sentences.py knows what the sources say, whether `make words` was run or not."""
    found = tuple(one for one in wanted() if "\x04" not in one[0])
    kept = (sentences._plain, sentences._formed, sentences._said)
    before = sentences._catalogue
    for one in kept:
        one.cache_clear()
    sentences._catalogue = lambda: found  # type: ignore[assignment]
    try:
        yield
    finally:
        sentences._catalogue = before
        for one in kept:
            one.cache_clear()


def compiled() -> dict[str, list[str]]:
    """The .mo file: msgid -> its translations, one a plural form."""
    with (FOLDER / "django.mo").open("rb") as file:
        catalogue = GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    found: dict[str, list[str]] = {}
    for key, text in catalogue.items():
        if key:
            found.setdefault(key if isinstance(key, str) else key[0], []).append(text)
    return found


def written() -> dict[str, list[str]]:
    """The .po file, likewise; what is marked as fuzzy has no translation."""
    found: dict[str, list[str]] = {}
    for block in (FOLDER / "django.po").read_text(encoding="utf-8").split("\n\n"):
        parts: dict[str, str] = {}
        at = ""
        for line in block.splitlines():
            if line.startswith("msg"):
                at, _, line = line.partition(" ")
            if line.startswith('"'):
                parts[at] = parts.get(at, "") + ast.literal_eval(line)
        if parts.get("msgid"):
            key = f"{parts['msgctxt']}\x04{parts['msgid']}" if "msgctxt" in parts else parts["msgid"]
            fuzzy = any(line.startswith("#,") and "fuzzy" in line for line in block.splitlines())
            found[key] = [] if fuzzy else [text for name, text in parts.items() if name.startswith("msgstr")]
    return found
