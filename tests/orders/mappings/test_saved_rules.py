"""An edit saved as a rule, with an owner and a last day: it settles the next orders, is named in their story, ends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from distportal.events.lineage import story
from distportal.events.sweeper import work_until_idle
from distportal.observability.actor import acting
from distportal.systems.mapping.errors import BadMapping, MappingTaken
from distportal.systems.mapping.models import CrossReference, RuleUse, SavedRule, Waiting
from distportal.systems.mapping.words import forget_words
from exceptions.models import Case
from orders.errors import NothingToCorrect
from orders.models import FieldChoice, Order
from orders.process.corrections import correct_order
from orders.process.rule_saving import save_rule_of
from tests.api.conftest import Caller, caller, order_body
from tests.at_once import at_once
from tests.clients import signed_in
from tests.conftest import Cast
from tests.edi.conftest import Post
from tests.orders.mappings.test_going_on import placed
from tests.posts import crestline
from tests.sandbox import SandboxProcess

__all__ = ["caller", "crestline"]
pytestmark = pytest.mark.django_db


def until(days: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=days)


def come(crestline: Post, po: str) -> Order:
    crestline.take(crestline.order(("FST-10001", "2", "20.00"), po=po).replace(b"*2*EA*", b"*2*CS*"))
    return Order.objects.get(po_number=po)


def test_an_edit_becomes_a_rule_that_settles_the_next_orders_and_is_named_there(cast: Cast, crestline: Post) -> None:
    first, waits = come(crestline, "CR-1"), come(crestline, "CR-2")
    case = Case.objects.get(subject_id=str(first.pk))
    agent, address = signed_in(cast.agent), f"/desk/{case.number}/"
    agent.post(f"{address}act/resubmit/", {"version": "1", "fix.line.1.unit": "BX", "reason": "their case is our box"})
    choice = FieldChoice.objects.get()
    offered = agent.get(address, {"rule": str(choice.pk)}).content.decode()
    assert f'name="until" value="{until(180)}"' in offered
    form = {"choice": str(choice.pk), "owner": cast.finance.email, "until": str(until(30)), "reason": "agreed by mail"}
    told = agent.post(f"{address}act/save_rule/", form, follow=True).content.decode()
    assert "Unit CS is our BX until" in told
    rule = SavedRule.objects.select_related("reference").get()
    assert (rule.owner, rule.origin, rule.saved_by) == (cast.finance, str(case), cast.agent.email)
    assert (rule.reference.scope, rule.reference.valid_until) == ("partner:CRESTLINE", until(30))
    assert rule.reference.reason == f"{case}: agreed by mail"

    work_until_idle()
    waits.refresh_from_db()
    assert (waits.status, waits.lines.get().unit) == ("confirmed", "BX"), "what waited for the code goes on"
    third = come(crestline, "CR-3")
    crestline.take(crestline.order(("FST-10001", "2", "20.00"), po="CR-4"))
    work_until_idle()
    assert Order.objects.get(po_number="CR-3").status == "confirmed"
    assert list(RuleUse.objects.values_list("rule_id", "correlation_id")) == [(rule.pk, third.correlation_id)]
    [step] = [one for one in story(third.correlation_id, internal=True) if one.key.startswith("rule:")]
    assert (step.title, step.detail) == (
        f"{rule} was applied", f"saved by {cast.finance.name} from {case}, until {until(30)}"
    )  # fmt: skip
    assert not [one for one in story(third.correlation_id, internal=False) if one.key.startswith("rule:")]
    page = agent.get(address).content.decode()
    assert "applied 1 time<" in page
    assert f"rule of {cast.finance.name}, from {case}" in agent.get("/mappings/?validity=rules").content.decode()

    assert "Say why" in agent.post(f"{address}act/end_rule/", {"rule": str(rule.pk)}, follow=True).content.decode()
    agent.post(f"{address}act/end_rule/", {"rule": str(rule.pk), "reason": "they changed it"})
    assert come(crestline, "CR-5").status == "held"
    rule.refresh_from_db()
    assert (rule.ended_by, CrossReference.objects.get().valid_until) == (cast.agent.email, until(-1))
    third.refresh_from_db()
    assert third.status == "confirmed", "what the rule did stays"
    again = agent.post(f"{address}act/end_rule/", {"rule": str(rule.pk), "reason": "again"}, follow=True)
    assert "ended already" in again.content.decode()


def test_a_partners_item_number_as_a_rule_lets_what_waits_for_it_go_on(cast: Cast, crestline: Post) -> None:
    for po in ("CR-1", "CR-2"):
        crestline.take(crestline.order(("OLD-77", "2", "0.42"), po=po))
    first, waits = (Order.objects.get(po_number=po) for po in ("CR-1", "CR-2"))
    case = Case.objects.get(subject_id=str(first.pk))
    agent, address = signed_in(cast.agent), f"/desk/{case.number}/"
    offered = agent.get(address).content.decode()
    assert (first.status, waits.status) == ("held", "held")
    assert 'act/split/"' not in offered, "its lines are not with two ERPs"
    assert "as it came by EDI" in offered
    agent.post(f"{address}act/resubmit/", {"version": "1", "fix.line.1.sku": "FST-10001", "reason": "old number"})
    page = agent.get(address).content.decode()
    assert "Line 1, item: OLD-77 → <b>FST-10001</b>" in page
    form = {"choice": str(FieldChoice.objects.get().pk), "until": str(until(30)), "reason": "always"}
    agent.post(f"{address}act/save_rule/", form)
    assert "Item OLD-77 is our FST-10001" in (saved := agent.get(address).content.decode())
    assert "Line 1, item: OLD-77 → " not in saved, "what is a rule already is not offered again"

    work_until_idle()
    waits.refresh_from_db()
    assert (waits.status, waits.lines.get().item.sku) == ("confirmed", "FST-10001")  # type: ignore[union-attr]
    assert not Case.objects.exclude(status="resolved").exists()
    assert not Waiting.objects.exists()
    crestline.take(crestline.order(("OLD-77", "5", "0.42"), po="CR-3"))
    assert Order.objects.get(po_number="CR-3").status == "confirmed"


def test_a_rule_ends_by_itself_on_its_last_day(crestline: Post, cast: Cast) -> None:
    order = come(crestline, "CR-1")
    correct_order(order_id=order.pk, version=1, changes={"line.1.unit": "BX"}, reason="x", actor="ana")
    save_rule_of(
        choice_id=FieldChoice.objects.get().pk, owner=cast.agent, until=until(1), reason="for now", origin="E-1"
    )
    assert come(crestline, "CR-2").status == "confirmed"
    CrossReference.objects.update(valid_until=until(-1))
    forget_words()
    assert come(crestline, "CR-3").status == "held"
    assert RuleUse.objects.count() == 1


def test_an_order_by_api_is_settled_by_its_accounts_rule(
    cast: Cast, synced: SandboxProcess, caller: Callable[..., Caller]
) -> None:
    crm = caller()
    crm.place(order_body("CRM-1", {"buyer_item": "HH-77", "quantity": "2"}), key="first-key")
    order = Order.objects.get()
    correct_order(order_id=order.pk, version=1, changes={"line.1.sku": "FST-10001"}, reason="x", actor="ana")
    choice = FieldChoice.objects.get()
    assert (choice.seen, choice.chosen) == ("HH-77", "FST-10001")
    rule = save_rule_of(choice_id=choice.pk, owner=cast.agent, until=until(9), reason="always", origin="E-1")
    for _ in range(2):
        crm.place(order_body("CRM-2", {"buyer_item": "HH-77", "quantity": "3"}), key="second-key")
    second = Order.objects.get(po_number="CRM-2")
    assert (second.status, second.lines.get().item.sku) == ("accepted", "FST-10001")  # type: ignore[union-attr]
    assert list(RuleUse.objects.values_list("rule_id", "correlation_id")) == [(rule.pk, second.correlation_id)]


@pytest.mark.parametrize("days", [None, -1, 0, 732])
def test_a_rule_needs_a_last_day_that_lies_ahead_and_an_owner(
    cast: Cast, synced: SandboxProcess, days: int | None
) -> None:
    order = placed()
    correct_order(order_id=order.pk, version=1, changes={"line.1.unit": "BX"}, reason="x", actor="ana")
    wanted: dict[str, Any] = {"choice_id": FieldChoice.objects.get().pk, "reason": "always", "origin": "E-1"}
    day = None if days is None else until(days)
    with pytest.raises(BadMapping, match="until when"):
        save_rule_of(owner=cast.agent, until=day, **wanted)
    with pytest.raises(BadMapping, match="does not work here"):
        save_rule_of(owner=cast.buyer, until=until(1), **wanted)
    with pytest.raises(NothingToCorrect, match="say why"):
        save_rule_of(owner=cast.agent, until=until(1), **{**wanted, "reason": " "})
    assert not CrossReference.objects.exists()


def test_what_can_be_no_rule_is_refused(cast: Cast, synced: SandboxProcess) -> None:
    order = placed("EA", po="P-1")
    assert order.status == "accepted"
    wrong = placed("CS", po="P-2")
    changes = {"line.1.unit": "EA", "line.1.quantity": "3", "line.1.sku": "FST-10002"}
    correct_order(order_id=wrong.pk, version=1, changes=changes, reason="x", actor="ana")
    for field, why in (("quantity", "only an item, a unit"), ("sku", "the buyer calls that number ours")):
        choice = FieldChoice.objects.get(field=field)
        with pytest.raises(NothingToCorrect, match=why):
            save_rule_of(choice_id=choice.pk, owner=cast.agent, until=until(1), reason="x", origin="E-1")
    with pytest.raises(NothingToCorrect, match="no such edit"):
        save_rule_of(choice_id=0, owner=cast.agent, until=until(1), reason="x", origin="E-1")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_the_same_rule_at_once_one_is_told(cast: Cast, synced: SandboxProcess) -> None:
    order = placed()
    correct_order(order_id=order.pk, version=1, changes={"line.1.unit": "BX"}, reason="x", actor="ana")
    choice = FieldChoice.objects.get()

    def save() -> str:
        try:
            with acting("ana"):
                return str(
                    save_rule_of(choice_id=choice.pk, owner=cast.agent, until=until(5), reason="x", origin="E-1")
                )
        except MappingTaken as error:
            return error.code

    told = sorted(at_once(save, save))
    assert [one.startswith("Rule") for one in told] == [True, False]
    assert SavedRule.objects.count() == CrossReference.objects.count() == 1
