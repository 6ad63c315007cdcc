"""Risky edits need a second person: by policy, in the process and in the database, not in the form."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from distportal.accounts.models import User
from distportal.common.errors import DomainError
from exceptions.errors import CaseChanged, NotYourCheck, ReasonMissing
from exceptions.models import Case, CaseEdit, CaseEntry, EditPolicy
from exceptions.process.checking import check_edit
from exceptions.process.edits import resubmit_case
from orders.models import Order, OrderVersion
from tests.at_once import at_once
from tests.clients import signed_in
from tests.conftest import Cast
from tests.exceptions.test_editor import ITEM, held
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db
PRICE = {"line.1.unit_price": "0.43"}


def policy(**more: object) -> EditPolicy:
    facts = {"name": "Prices", "kind": "order.", "field": "unit_price", "least_amount": Decimal(400), **more}
    return EditPolicy.objects.create(**facts)


def risky() -> tuple[Order, Case]:
    return held((ITEM, "1000", "EA", "0.30"))


def wanted(case: Case, user: User, **values: str) -> str:
    changes = {f"line.1.{name}": value for name, value in values.items()} or PRICE
    return resubmit_case(case_id=case.pk, version=1, changes=changes, reason="as agreed", user=user)


def test_a_risky_edit_waits_and_its_maker_cannot_agree_to_it(cast: Cast, synced: SandboxProcess) -> None:
    policy()
    order, case = risky()
    assert case.amount < 400, "the order is worth less before the edit than after it"
    agent = signed_in(cast.agent)
    form = {"version": "1", "fix.line.1.unit_price": "0.43", "reason": "as agreed"}
    silent = agent.post(f"/desk/{case.number}/act/resubmit/", {**form, "reason": ""}, follow=True).content.decode()
    assert "a second person has to look at this edit (Prices)" in silent
    assert not CaseEdit.objects.exists()
    told = agent.post(f"/desk/{case.number}/act/resubmit/", form, follow=True).content.decode()
    assert "Kept, not made yet: a second person has to look at it (Prices)" in told
    edit = CaseEdit.objects.get()
    own = agent.post(f"/desk/{case.number}/check/{edit.pk}/", {"answer": "agree"}, follow=True).content.decode()
    assert "You made this edit: somebody else has to look at it" in own
    for person in (cast.agent, cast.buyer):
        with pytest.raises(NotYourCheck):
            check_edit(edit_id=edit.pk, agree=True, reason="fine", user=person)
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseEdit.objects.filter(pk=edit.pk).update(state="approved", checker=cast.agent)
    order.refresh_from_db()
    assert (order.status, order.version, CaseEdit.objects.get().state) == ("held", 1, "waiting")

    other = signed_in(cast.finance)
    queue = other.get("/desk/?view=check").content.decode()
    assert f"{cast.agent.name}&#x27;s edit waits for a second person" in queue.replace("'", "&#x27;")
    assert "Agree and resubmit" in other.get(f"/desk/{case.number}/").content.decode()
    other.post(f"/desk/{case.number}/check/{edit.pk}/", {"answer": "agree", "reason": "contract seen"})
    order.refresh_from_db()
    edit.refresh_from_db()
    assert (order.status, order.version, edit.state, edit.checker) == ("accepted", 2, "approved", cast.finance)
    version = OrderVersion.objects.get(order=order, version=2)
    assert (version.actor, version.reason) == (cast.agent.email, f"as agreed (checked by {cast.finance.email})")
    assert [e.action for e in CaseEntry.objects.filter(case=case)][1:] == [
        "waits for a check", "checked and resubmitted", "resolved: corrected and resubmitted",
    ]  # fmt: skip
    assert "waits for a second person" not in other.get("/desk/?view=check").content.decode()
    assert signed_in(cast.buyer).post(f"/desk/{case.number}/check/{edit.pk}/", {"answer": "agree"}).status_code == 403


def test_what_no_policy_names_is_made_by_one_person(cast: Cast, synced: SandboxProcess) -> None:
    policy(least_amount=Decimal(431))
    policy(active=False)
    policy(kind="erp.refused")
    policy(field="ship_to")
    order, case = risky()
    assert "Resubmitted" in wanted(case, cast.agent)
    order.refresh_from_db()
    assert (order.status, CaseEdit.objects.count()) == ("accepted", 0)


def test_a_resubmission_that_changes_nothing_needs_nobody(cast: Cast, synced: SandboxProcess) -> None:
    policy(field="", least_amount=Decimal(0))
    _, case = risky()
    assert "Still held" in wanted(case, cast.agent, unit_price="0.30")


def test_an_edit_is_refused_with_a_reason_taken_back_without_and_made_anew(cast: Cast, synced: SandboxProcess) -> None:
    policy(checkers="finance")
    order, case = risky()
    wanted(case, cast.agent)
    with pytest.raises(CaseChanged, match="another edit waits"):
        wanted(case, cast.finance, unit_price="0.47")
    first = CaseEdit.objects.get()
    operator = User.objects.get(email="operator@northline.example")
    with pytest.raises(NotYourCheck, match="finance"):
        check_edit(edit_id=first.pk, agree=True, reason="ok", user=operator)
    with pytest.raises(ReasonMissing):
        check_edit(edit_id=first.pk, agree=False, reason=" ", user=cast.finance)
    assert (
        check_edit(edit_id=first.pk, agree=False, reason="too low", user=cast.finance) == "Refused; nothing was changed"
    )
    with pytest.raises(CaseChanged):
        check_edit(edit_id=first.pk, agree=True, reason="", user=cast.finance2)
    wanted(case, cast.agent)
    second = CaseEdit.objects.get(state="waiting")
    assert check_edit(edit_id=second.pk, agree=False, reason="", user=cast.agent) == "Taken back; nothing was changed"
    order.refresh_from_db()
    assert (order.version, sorted(CaseEdit.objects.values_list("state", flat=True))) == (1, ["refused", "withdrawn"])


def test_an_edit_of_an_order_that_changed_meanwhile_is_out_of_date(cast: Cast, synced: SandboxProcess) -> None:
    policy()
    order, case = held((ITEM, "1000", "EA", "0.30"), (ITEM, "10", "EA", "0.20"))
    wanted(case, cast.agent)
    resubmit_case(case_id=case.pk, version=1, changes={"line.2.unit": "EA"}, reason="", user=cast.finance)
    edit = CaseEdit.objects.get()
    assert "Out of date" in check_edit(edit_id=edit.pk, agree=True, reason="", user=cast.finance)
    order.refresh_from_db()
    edit.refresh_from_db()
    assert (edit.state, order.version, order.canonical["lines"][0]["unit_price"]) == ("outdated", 2, "0.3")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_check_at_once_one_does(cast: Cast, synced: SandboxProcess) -> None:
    policy()
    order, case = risky()
    wanted(case, cast.agent)
    edit = CaseEdit.objects.get()

    def check(user: User, agree: bool) -> str:
        try:
            return check_edit(edit_id=edit.pk, agree=agree, reason="seen", user=user)
        except DomainError as error:
            return error.code

    done = at_once(lambda: check(cast.finance, True), lambda: check(cast.finance2, True))
    assert sorted(one.startswith("Resubmitted") for one in done) == [False, True]
    assert OrderVersion.objects.filter(order=order).count() == 2


def test_policies_are_kept_by_those_who_lead(cast: Cast) -> None:
    lead = signed_in(User.objects.get(email="operator@northline.example"))
    form = {
        "name": "Big",
        "active": "on",
        "kind": "order.",
        "field": "unit_price",
        "least_amount": "5000",
        "checkers": "",
    }
    assert signed_in(cast.agent).post("/desk/checks/", form).status_code == 403
    for bad in ({"name": " "}, {"kind": "edi."}, {"kind": "order.dates"}, {"least_amount": "-1"}, {"field": "nothing"}):
        assert lead.post("/desk/checks/", {**form, **bad}).status_code == 422
    assert lead.post("/desk/checks/", form).status_code == 302
    row = EditPolicy.objects.get()
    assert "from $5,000.00" in lead.get(f"/desk/checks/{row.pk}/").content.decode()
    lead.post(f"/desk/checks/{row.pk}/", {**form, "name": "Bigger"})
    assert EditPolicy.objects.get().name == "Bigger"
    assert signed_in(cast.agent).post(f"/desk/checks/{row.pk}/drop/").status_code == 403
    lead.post(f"/desk/checks/{row.pk}/drop/")
    assert not EditPolicy.objects.exists()
