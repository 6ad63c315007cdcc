"""The kinds of cases: each is whole, and the published table is what the code says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command

from exceptions import registry
from exceptions.process.opening import QUEUES
from exceptions.queries.kinds import lacking
from exceptions.registry import AT_ONCE, CaseKind, Sla, case_kind, case_kinds
from orders.process.corrections import HEADER_FIELDS, LINE_FIELDS
from orders.process.holding import KINDS
from orders.process.policy import CODES


def test_every_kind_is_whole_and_the_table_is_as_the_code_says() -> None:
    call_command("case_kinds", check=True)
    assert len(case_kinds()) >= 80
    assert {kind.queue for kind in case_kinds()} == set(QUEUES)


@pytest.mark.parametrize(
    ("change", "lacks"),
    [
        ({"title": ""}, "a title"),
        ({"severity": 9, "agreed": AT_ONCE}, "a severity"),
        ({"agreed": Sla(first_response=60, solution=30)}, "times that can be kept"),
        ({"kind": "order.never"}, "a runbook order.never.md"),
        ({"actions": (), "ends": ""}, "a way to end: an action or something that closes it by itself"),
        ({"cause": ()}, "what makes two cases one cause"),
    ],
)
def test_a_kind_that_lacks_something_is_told_and_fails_the_table(
    change: dict[str, object], lacks: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken: CaseKind = replace(case_kind("order.held"), **change)  # type: ignore[arg-type]
    assert lacks in lacking(broken)
    monkeypatch.setitem(registry._kinds, "order.held", broken)
    with pytest.raises(CommandError, match=lacks):
        call_command("case_kinds", check=True)


def test_what_holds_an_order_leads_to_a_kind_that_is_registered() -> None:
    known = {kind.kind for kind in case_kinds()}
    assert set(KINDS.values()) <= known
    of_orders = {field for kind in case_kinds() if kind.kind.startswith("order.") for field in kind.fields}
    assert of_orders == {*LINE_FIELDS, *HEADER_FIELDS}
    codes = {code for code, _ in CODES} - {"dispute_window", "duplicate_po", "return_auto_approve", "split"}
    assert codes - KINDS.keys() <= {"short_dropped"}
