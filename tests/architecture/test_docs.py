"""A newcomer finds every page, no link leads nowhere, and generated pages are as the code says."""

from __future__ import annotations

import re
from pathlib import Path

from django.core.management import call_command, get_commands

from distportal.canonical.dictionary import FIELD_OWNERS, OWNERS, data_dictionary
from distportal.canonical.schemas import PUBLISHED

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "SECURITY.md", *sorted(DOCS.glob("*.md"))]
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def links(page: Path) -> set[Path]:
    found = {target for target in LINK.findall(page.read_text()) if "://" not in target}
    return {(page.parent / target).resolve() for target in found}


def test_every_page_is_in_an_index() -> None:
    missing = set(DOCS.glob("*.md")) - links(ROOT / "README.md") - links(DOCS / "README.md")
    assert sorted(page.name for page in missing) == []


def test_no_link_leads_nowhere() -> None:
    dead = [f"{page.name}: {target.name}" for page in PAGES for target in links(page) if not target.exists()]
    assert sorted(dead) == []


def test_tests_and_commands_that_pages_name_are_there() -> None:
    commands = get_commands().keys()
    for page in PAGES:
        text = page.read_text()
        for name in re.findall(r"`(tests/[a-z0-9_/]+(?:\.py)?)/?`", text):
            assert (ROOT / name).exists(), f"{page.name}: {name}"
        for name in re.findall(r"manage\.py ([a-z_]+)", text):
            assert name in commands, f"{page.name}: {name}"


def test_every_runbook_is_one_of_a_kind_that_the_index_names() -> None:
    index = (DOCS / "exception-kinds.md").read_text()
    books = sorted(path.stem for path in ROOT.glob("*/runbooks/*.md"))
    assert [name for name in books if f"`{name}`" not in index] == []
    assert len(books) > 60


def test_the_dictionary_is_as_the_code_says() -> None:
    call_command("data_dictionary", "--check")
    text = data_dictionary()
    assert set(OWNERS) == {cls.__name__ for cls in PUBLISHED}
    assert all(f"| `{field}` |" in text for _, field in FIELD_OWNERS)
    assert "Version `order/1`. Whose: buyer" in text
