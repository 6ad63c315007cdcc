"""Dashboard and alerts ask for figures that the product exports, by labels that these have."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from django.test import Client

from distportal.observability.figures import Figure, figures
from tests.deploy.product import DEPLOY, ROOT, documents

(ALERTS,) = documents("monitoring/alerts.yaml")
RULES = [rule for group in ALERTS["groups"] for rule in group["rules"]]
PANELS = json.loads((DEPLOY / "monitoring/dashboard.json").read_text())["panels"]

OTHER_NAMES = {"portal_code"}
"""Words of the code that begin alike: what the file adapters call our own code."""


def expressions() -> Iterator[str]:
    yield from (rule["expr"] for rule in RULES)
    yield from (target["expr"] for panel in PANELS for target in panel["targets"])


def named_in_code() -> set[str]:
    """Every figure that an app may give, also where there is nothing to tell of now."""
    text = "".join(path.read_text() for path in ROOT.glob("*/**/*.py") if "tests" not in Path(path).parts)
    whole = set(re.findall(r'"(portal_[a-z0-9_]+)"', text))
    parts = {f"portal_jobs_{name}" for name in ("arrived", "done")} | {
        f"portal_cache_{name}" for name in ("looks", "calls", "failed", "keys")
    }
    return whole | parts


def test_every_figure_that_is_asked_for_is_exported() -> None:
    asked = {name for expression in expressions() for name in re.findall(r"portal_[a-z0-9_]+", expression)}
    assert {name.removesuffix("_total") for name in asked} <= named_in_code()
    assert len(asked) > 20


@pytest.mark.django_db
def test_what_is_told_at_a_scrape_is_shown_somewhere_and_named_in_the_docs() -> None:
    told = {figure.name for figure in figures()}
    shown = "".join(expressions())
    assert [name for name in sorted(told) if name not in shown and not name.startswith("portal_cache_")] == []
    docs = (ROOT / "docs/back-pressure.md").read_text() + (ROOT / "docs/observability.md").read_text()
    assert [name for name in sorted(told) if name not in docs] == []


def test_every_figure_that_may_be_told_has_its_line_in_the_docs_and_no_other_has_one() -> None:
    """Also those that are told only while there is something: of an ERP that was called, of codes that are missing."""
    text = "".join((ROOT / "docs" / name).read_text() for name in ("back-pressure.md", "observability.md"))
    named = {name.removesuffix("_total") for name in re.findall(r"\bportal_[a-z0-9_]+", text)}
    told = {name.removesuffix("_total") for name in named_in_code()} - OTHER_NAMES
    assert (sorted(told - named), sorted(named - told)) == ([], [])


def test_each_alert_says_what_is_wrong_and_where_to_look() -> None:
    for rule in RULES:
        assert rule["labels"]["severity"] in ("page", "ticket"), rule["alert"]
        assert rule["for"], rule["alert"]
        assert rule["annotations"]["summary"], rule["alert"]
        assert rule["annotations"]["look"], rule["alert"]
        for page in re.findall(r"docs/[a-z-]+\.md", rule["annotations"]["look"]):
            assert (ROOT / page).exists(), page
    assert len({rule["alert"] for rule in RULES}) == len(RULES) > 10


@pytest.mark.django_db
def test_a_figure_with_other_labels_than_a_rule_groups_by_would_be_noticed() -> None:
    labels: dict[str, set[str]] = {}
    for figure in figures():
        for sample, _ in figure.samples:
            labels.setdefault(figure.name, set()).update(sample)
    for expression in expressions():
        for group, name in re.findall(r"by \(([a-z, ]+)\) \((?:rate\()?(portal_[a-z0-9_]+)", expression):
            known = labels.get(name.removesuffix("_total"))
            assert known is None or set(group.split(", ")) <= known, expression


@pytest.mark.django_db
def test_one_figure_that_fails_is_no_silence() -> None:
    with patch("distportal.web.metrics.figures", return_value=[Figure(name="portal_x", text="x", samples=())]):
        assert "portal_x" in Client().get("/metrics").content.decode()
