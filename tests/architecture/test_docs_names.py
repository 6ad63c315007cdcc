"""What pages name is there: addresses, targets of make, settings, modules, menus, headings that links lead to."""

from __future__ import annotations

import importlib.util
import re
import uuid
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.urls import Resolver404, resolve

from distportal.events.retention import retentions
from tests.architecture.test_docs import DOCS, PAGES, ROOT

ALL = [*PAGES, *sorted(ROOT.glob("*/runbooks/*.md"))]
EXAMPLES = sorted((DOCS / "examples").glob("*.py"))
CODE = re.compile(r"```.*?```|`[^`]+`", re.DOTALL)
ADDRESS = re.compile(r"`(?:(?:GET|POST|PATCH|PUT|DELETE) )?(/[A-Za-z0-9_<{][^`\s,]*)`")
SETTING = re.compile(r"`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?:=[^`]*)?`")
ENV = re.compile(r"""env(?:\.\w+)?\(\s*"([A-Z0-9_]+)\"""")
MACHINES = ("/etc/", "/var/", "/tmp")  # noqa: S108 - folders that pages speak of
COLLECTORS = ("OTEL_", "/v1/traces")
"""Of OpenTelemetry: its own libraries read and post to these."""
SAMPLES = ("1042", "x", str(uuid.UUID(int=7)), "order.accepted")
WEBHOOK = f"/api/v1/webhooks/{uuid.UUID(int=7)}"


def named(pattern: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """Page and what it names, once each."""
    for page in ALL:
        yield from ((page.name, str(found)) for found in sorted(set(pattern.findall(page.read_text()))))


@cache
def source() -> str:
    """All that the product and its deployment are made of, pages aside."""
    apps = ("distportal", "exceptions", "inventory", "orders", "edi", "deploy", "templates", "tests")
    files = [path for app in apps for path in (ROOT / app).rglob("*") if path.suffix != ".md" and path.is_file()]
    texts = [path.read_bytes() for path in [*files, ROOT / "Makefile", ROOT / ".env.example"] if path.suffix != ".mo"]
    return b"\n".join(texts).decode(errors="replace")


def leads_somewhere(address: str) -> bool:
    """Whether the portal has such an address, under `/api/v1` too, or a system beside it in the demo."""
    plain = address.partition("?")[0]
    for sample in SAMPLES:
        path = re.sub(r"<[^>]+>|\{[^}]+\}|…", sample, plain)
        for whole in (path, f"{path}/", f"/api/v1{path}", f"{WEBHOOK}{path}"):
            try:
                resolve(whole)
            except Resolver404:
                continue
            return True
    return set(plain.partition("<")[0].strip("/").split("/")) <= _beside()


@cache
def _beside() -> set[str]:
    """Parts of the addresses of probes, which are answered before all else, and of the systems beside the portal."""
    servers = (ROOT / "distportal/systems/erp/sandbox_server").rglob("*.py")
    files = [ROOT / "distportal/web/probes.py", *servers, *DOCS.glob("*-rest.openapi.yaml")]
    return {part for path in files for part in re.findall(r"[/\"]([a-z0-9]+)\b", path.read_text())}


def test_every_address_that_a_page_names_leads_somewhere() -> None:
    found = [(page, one) for page, one in named(ADDRESS) if not one.startswith((*MACHINES, *COLLECTORS))]
    assert [told for told in found if not leads_somewhere(told[1])] == []
    assert len(found) > 80
    assert not leads_somewhere("/nowhere/")


def test_every_target_of_make_that_a_page_names_is_there() -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    told = {
        (page.name, target)
        for page in ALL
        for code in CODE.findall(page.read_text())
        for target in re.findall(r"\bmake ([a-z][a-z-]+)\b", code)
    }
    assert {one for one in told if one[1] not in targets} == set()
    assert {target for _, target in told} >= {"demo", "test", "bench", "faults", "lock"}


def test_every_setting_that_a_page_names_is_one() -> None:
    kept = {f"KEEP_{one.name.upper()}_DAYS" for one in retentions()}
    found = [(page, one) for page, one in named(SETTING) if not one.startswith(COLLECTORS)]
    assert [told for told in found if told[1] not in kept and told[1] not in source()] == []
    assert len(found) > 30


def test_the_example_of_an_environment_has_every_setting() -> None:
    settings = set(ENV.findall((ROOT / "distportal/settings.py").read_text()))
    example = (ROOT / ".env.example").read_text()
    assert sorted(name for name in settings if not re.search(rf"^#?{name}=", example, re.MULTILINE)) == []
    assert len(settings) > 40


def test_every_example_is_on_a_page_and_every_module_that_a_page_runs_exists() -> None:
    texts = "\n".join(page.read_text() for page in ALL)
    assert [path.name for path in EXAMPLES if f"examples/{path.name}" not in texts] == []
    modules = set(re.findall(r"python -m ([a-z_]+(?:\.[a-z_0-9]+)*)", texts))
    assert [name for name in modules if importlib.util.find_spec(name) is None] == []


def test_every_way_through_menus_has_words_of_pages() -> None:
    words = re.sub(r"\s+", " ", source()).lower()
    ways = [(page, re.sub(r"\s+", " ", told)) for page, told in named(re.compile(r"\*\*([^*]+→[^*]+)\*\*"))]
    missing = [(page, part) for page, told in ways for part in told.split("→") if part.strip().lower() not in words]
    assert missing == []
    assert len(ways) >= 5


@pytest.mark.parametrize("page", ALL, ids=lambda page: page.name)
def test_a_link_into_a_page_leads_to_a_heading(page: Path) -> None:
    for target, anchor in re.findall(r"\]\(([^)#\s]*)#([^)\s]+)\)", page.read_text()):
        if "://" not in target:
            text = ((page.parent / target) if target else page).read_text()
            assert anchor in {_anchor(title) for title in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}, (
                f"{target}#{anchor}"
            )


def _anchor(title: str) -> str:
    return re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-")
