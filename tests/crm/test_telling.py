"""What happens with an account reaches the CRM once in effect; what it refuses is a case; what rests goes on later."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest

from distportal.events.models import Job, OutboxEvent
from distportal.events.sweeper import work_until_idle
from distportal.systems.logistics import save_logistics_connection
from exceptions.choices import CaseStatus
from exceptions.models import Case
from exceptions.registry import case_kind
from orders.models import AccountNote, Order
from orders.process.crm import PUSH_JOB, tell_crm
from orders.process.erp_feed import sync_erp
from orders.process.intake import place_order
from orders.process.notes import write_note
from tests.api.conftest import Caller, order_body
from tests.clients import signed_in
from tests.conftest import Cast
from tests.crm.conftest import CrmWorld
from tests.orders.builders import asked
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db
PUT = {"method": "PUT", "path_regex": "^/crm/v1/activities/"}


def placed() -> Order:
    order = place_order(
        order=asked(("FST-10001", "10", "EA", None), po=f"PO-{uuid.uuid4().hex[:6]}"), source_key=f"t:{uuid.uuid4()}"
    ).order
    work_until_idle()
    order.refresh_from_db()
    return order


def told_of(world: CrmWorld, order: Order) -> list[str]:
    return [row["event"] for row in world.timeline() if row["order_number"] == str(order)]


def test_an_orders_life_stands_on_the_accounts_timeline_in_its_order(synced: SandboxProcess, world: CrmWorld) -> None:
    world.connect()
    order = placed()
    synced.ship(order.erp_number)
    synced.invoice(order.erp_number)
    sync_erp()
    work_until_idle()
    mine = [row for row in world.timeline() if row["order_number"] == str(order)]
    assert [row["event"] for row in mine] == [
        "order.accepted", "order.confirmed", "order.shipped", "invoice.recorded",
    ]  # fmt: skip
    assert mine[1]["text"] == f"Order {order} (PO {order.po_number}) is confirmed by the ERP as {order.erp_number}"
    assert (mine[3]["kind"], mine[3]["amount"] is not None, mine[3]["account"]) == ("invoice", True, "HARBOR")
    assert [row["seq"] for row in mine] == sorted({row["seq"] for row in mine})
    assert mine[0]["url"].endswith(f"/orders/{order.number}/")


def test_without_a_crm_nothing_is_planned(synced: SandboxProcess) -> None:
    placed()
    assert not Job.objects.filter(kind=PUSH_JOB).exists()


@pytest.mark.parametrize("fault", ["commit_then_drop", "commit_then_500", "error_503", "429"])
def test_whatever_is_lost_on_the_way_it_is_there_once(synced: SandboxProcess, world: CrmWorld, fault: str) -> None:
    world.connect()
    synced.faults({"kind": fault, "count": 2, "match": PUT})
    order = placed()
    for _ in range(3):
        Job.objects.filter(kind=PUSH_JOB, state="ready").update(next_at="2026-01-01T00:00:00Z")
        work_until_idle()
    assert told_of(world, order) == ["order.accepted", "order.confirmed"]
    assert not Job.objects.filter(kind=PUSH_JOB).exclude(state="done").exists()


def test_a_crm_that_can_only_be_searched_is_looked_up_first(synced: SandboxProcess, world: CrmWorld) -> None:
    world.connect(key="searchable")
    synced.faults({"kind": "commit_then_drop", "count": 1, "match": PUT})
    order = placed()
    Job.objects.filter(kind=PUSH_JOB, state="ready").update(next_at="2026-01-01T00:00:00Z")
    work_until_idle()
    assert told_of(world, order) == ["order.accepted", "order.confirmed"]
    keys = [str(pk) for pk in OutboxEvent.objects.filter(aggregate_id=str(order.pk)).values_list("pk", flat=True)]
    assert sorted(world.puts(key) for key in keys) == [1, 1], "no second one was sent"


def test_a_repeated_job_tells_nothing_new(synced: SandboxProcess, world: CrmWorld) -> None:
    world.connect()
    order = placed()
    event, before = OutboxEvent.objects.filter(aggregate_id=str(order.pk)).earliest("seq"), world.timeline()
    synced.ship(order.erp_number)
    sync_erp()
    tell_crm(name="sales", event_id=event.pk)
    assert [row for row in world.timeline() if row["key"] == str(event.pk)] == [
        row for row in before if row["key"] == str(event.pk)
    ]


def test_what_the_crm_refuses_is_a_case_and_told_again_when_asked(
    synced: SandboxProcess, world: CrmWorld, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from orders.process import crm as telling

    activity_of = telling.activity_of

    def of_nobody(event_id: uuid.UUID) -> object:
        from dataclasses import replace

        made = activity_of(event_id)
        return replace(made, account="NOBODY") if made else None

    world.connect()
    monkeypatch.setattr(telling, "activity_of", of_nobody)
    write_note(account=cast.harbor, text="Wants a call", author="Ana", source="portal", source_key=f"t:{uuid.uuid4()}")
    work_until_idle()
    [case] = Case.objects.filter(kind="dead.job", status__in=CaseStatus.OPEN)
    assert "crm.account_unknown: there is no account NOBODY" in case.sentence
    monkeypatch.setattr(telling, "activity_of", activity_of)
    retry = next(action for action in case_kind(case.kind).actions if action.name == "redeliver")
    retry.run(case, {}, "", cast.agent)
    work_until_idle()
    note = AccountNote.objects.get()
    assert "Wants a call" in [row["text"] for row in world.timeline() if row["by"] == note.author]


def test_a_crm_that_is_switched_off_or_refuses_us_burns_no_try(
    synced: SandboxProcess, world: CrmWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.connect()
    monkeypatch.setenv("TEST_CRM_TOKEN", "wrong")
    save_logistics_connection(
        name="sales", title="Sales CRM", kind="crm_rest", serves={}, secrets={"token": "env:TEST_CRM_TOKEN"},
        settings={"url": f"{synced.url}/crm"},
    )  # fmt: skip
    order = placed()
    waiting = Job.objects.filter(kind=PUSH_JOB, state="ready")
    assert [(job.attempts, "credentials" in job.last_error) for job in waiting] == [(0, True), (0, True)]
    monkeypatch.setenv("TEST_CRM_TOKEN", synced.token)
    world.connect()
    waiting.update(next_at="2026-01-01T00:00:00Z")
    work_until_idle()
    assert told_of(world, order) == ["order.accepted", "order.confirmed"]


def test_a_salesperson_orders_on_behalf_and_both_names_stay(
    synced: SandboxProcess, world: CrmWorld, caller: Callable[..., Caller], cast: Cast
) -> None:
    world.connect()
    answer = caller().place({**order_body("CRM-1"), "salesperson": "Dana Cole"}, key="crm-key-1")
    assert answer.status_code == 201
    work_until_idle()
    order = Order.objects.get()
    assert (order.placed_name, order.channel, order.account) == ("Dana Cole, CRM", "crm", cast.harbor)
    assert order.versions.get().actor == "key:CRM for Dana Cole"
    accepted = next(row for row in world.timeline() if row["order_number"] == str(order))
    assert accepted["by"] == "key:CRM for Dana Cole"
    page = signed_in(cast.buyer).get(f"/orders/{order.number}/").content.decode()
    assert "by Dana Cole, CRM" in page
    own = caller("HARBOR").place({**order_body("CRM-2"), "salesperson": "Dana Cole"}, key="own-key-1")
    assert own.status_code == 422
    assert "on nobody&#x27;s behalf" in own.content.decode() or "on nobody's behalf" in own.content.decode()
    assert Order.objects.count() == 1
