"""Each call of `manage.py` that a page, a runbook or a unit names is one that its command takes."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, get_commands, load_command_class
from django.core.management.base import BaseCommand

ROOT = Path(settings.BASE_DIR)
PLACES = ("README.md", "SECURITY.md", "docs/*.md", "*/runbooks/*.md", "deploy/systemd/*.service")
CALL = re.compile(
    r"manage\.py\s+([a-z_]+(?:(?!manage\.py)[^`#|;()])*)(?=`)|^ *(?:Exec|python |docker ).*?manage\.py ([a-z_]+.*)$",
    re.MULTILINE,
)


def calls() -> Iterator[tuple[str, str]]:
    """Page and call, on one line, with words for what a reader has to fill in."""
    for place in PLACES:
        for path in sorted(ROOT.glob(place)):
            for quoted, run in CALL.findall(path.read_text()):
                text = re.sub(r"\s+", " ", quoted or run.partition("  #")[0]).strip()
                yield path.relative_to(ROOT).as_posix(), re.sub(r"[\[\]<>]", "", text).replace("…", "x")


CALLS = sorted({*calls()})
NAMED_ALONE = {call for _, call in CALLS if " " not in call}
"""A page may name a command without what it needs."""


def test_there_are_calls() -> None:
    assert len(CALLS) > 40


@pytest.mark.parametrize(("page", "call"), [one for one in CALLS if one[1] not in NAMED_ALONE])
def test_a_call_is_one_that_its_command_takes(page: str, call: str) -> None:
    name, *words = shlex.split(call)
    app = get_commands()[name]
    command = app if isinstance(app, BaseCommand) else load_command_class(app, name)
    try:
        command.create_parser("manage.py", name).parse_args(words)
    except CommandError as error:
        pytest.fail(f"{page}: manage.py {call}: {error}")


@pytest.mark.parametrize("call", sorted(NAMED_ALONE))
def test_a_command_that_is_named_is_there(call: str) -> None:
    assert call in get_commands()
