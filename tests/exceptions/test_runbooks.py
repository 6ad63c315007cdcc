"""Runbooks: shown with the case, changed for a site with history, and never more than text."""

from __future__ import annotations

import pytest
from django.db import transaction

from exceptions.errors import CaseChanged, ReasonMissing, RunbookRefused
from exceptions.models import RunbookEdit
from exceptions.process.cases import open_case
from exceptions.process.runbooks import edit_runbook
from exceptions.queries.runbooks import rendered, runbook_of
from tests.clients import signed_in
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
KIND = "order.duplicate_po"


def test_a_case_shows_its_runbook_as_it_came_and_then_as_the_site_has_it(cast: Cast) -> None:
    case = open_case(kind=KIND, code="x", subject_type="order", subject_id="1", sentence="Came twice")
    agent = signed_in(cast.agent)
    assert "Compare the two" in agent.get(f"/desk/{case.number}/").content.decode()
    form = {"text": "# Ours\n\nCall **Maria**.", "version": "0", "reason": "Maria knows", "save": "1"}
    look = agent.post(f"/desk/runbooks/{KIND}/", {**form, "save": "", "look": "1"}).content.decode()
    assert "Call <strong>Maria</strong>." in look
    assert "<h1>Ours</h1>" not in look, "the page of a case has its own title"
    assert agent.post(f"/desk/runbooks/{KIND}/", form).status_code == 302
    page = agent.get(f"/desk/{case.number}/").content.decode()
    assert "Call <strong>Maria</strong>." in page
    assert "Compare the two" not in page
    assert "Maria knows" in page
    edit = RunbookEdit.objects.get()
    assert (edit.version, edit.actor, edit.reason) == (1, cast.agent.email, "Maria knows")


def test_of_two_who_change_it_at_once_the_second_is_told_and_keeps_what_was_typed(cast: Cast) -> None:
    edit_runbook(kind=KIND, text="first", version=0, reason="a")
    form = {"text": "second", "version": "0", "reason": "b", "save": "1"}
    told = signed_in(cast.agent).post(f"/desk/runbooks/{KIND}/", form)
    assert (told.status_code, runbook_of(KIND).text) == (409, "first")
    assert "second" in told.content.decode()
    with pytest.raises(CaseChanged):
        edit_runbook(kind=KIND, text="third", version=0, reason="c")


def test_an_empty_text_goes_back_and_no_version_is_lost_or_changed() -> None:
    edit_runbook(kind=KIND, text="ours", version=0, reason="a")
    edit_runbook(kind=KIND, text=" ", version=1, reason="theirs was better")
    assert "Compare the two" in runbook_of(KIND).text
    assert list(RunbookEdit.objects.values_list("version", "text")) == [(2, ""), (1, "ours")]
    with pytest.raises(Exception, match="Cannot update rows"), transaction.atomic():
        RunbookEdit.objects.update(text="rewritten")


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({"reason": " "}, ReasonMissing),
        ({"kind": "never.registered"}, RunbookRefused),
        ({"text": "x" * 20_001}, RunbookRefused),
    ],
)
def test_what_cannot_be_kept_is_refused(facts: dict[str, str], error: type[Exception]) -> None:
    with pytest.raises(error):
        edit_runbook(**{"kind": KIND, "text": "x", "version": 0, "reason": "a", **facts})  # type: ignore[arg-type]
    assert not RunbookEdit.objects.exists()


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "![x](https://elsewhere.example/track.png)",
        '<img src=x onerror="alert(1)">',
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
    ],
)
def test_nothing_in_a_runbook_runs_or_is_fetched(text: str) -> None:
    html = rendered(text)
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html
    assert 'href="data:' not in html


def test_dealers_read_and_change_no_runbook(cast: Cast) -> None:
    buyer = signed_in(cast.buyer)
    assert buyer.get(f"/desk/runbooks/{KIND}/").status_code == 403
    assert buyer.post(f"/desk/runbooks/{KIND}/", {"text": "x", "version": "0", "reason": "x"}).status_code == 403
    assert signed_in(cast.agent).get("/desk/runbooks/never.registered/").status_code == 404
    assert b"Runbooks" in signed_in(cast.finance).get("/desk/runbooks/").content
    assert not RunbookEdit.objects.exists()
