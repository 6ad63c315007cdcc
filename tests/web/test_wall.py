"""The second wall: with the portal's own checks gone, the database still shows a dealer nothing of another's."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import pghistory.models
import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, models, transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory, override_settings

from distportal.accounts.errors import NoDealerRole
from distportal.accounts.models import Account, ApiKey, ShipTo
from distportal.accounts.policies import dealer_policies, walled_models
from distportal.accounts.raising import raise_wall
from distportal.accounts.scoping import AccountScopedQuerySet
from distportal.accounts.standing import standings_of
from distportal.accounts.wall import behind_wall, outside_wall
from distportal.web.wall import DealerWallMiddleware
from inventory.models import Price
from orders.models import Order
from orders.process.intake import place_order
from tests.clients import signed_in
from tests.conftest import Cast
from tests.orders.builders import asked
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db

# Rows that belong to an account only now and then; each with the reason why no dealer's page reads them.
UNWALLED = {
    "mapping.Waiting": "codes that wait for a person of ours; with or without an account",
    "orders.ErpCommand": "what we ask the ERP; of an order, a dispute or a change",
    "orders.CarrierMessage": "as the carrier sent it, before we know whose it is",
    "exceptions.RoutingRule": "who of our people gets which cases; some for one account",
    "orders.RulePolicy": "rules of the house, some for one account; read by the orchestration",
    "orders.InvoiceTolerance": "what our own check of invoices lets through; read when an invoice comes",
    "orders.WarehouseEvent": "as the warehouse sent it, before we know whose it is",
    "edi.TradingPartner": "the other side of an agreement, kept by our operators",
    "edi.DueDocument": "our own clock of what we owe a partner",
}


@pytest.fixture
def order(cast: Cast, synced: SandboxProcess) -> Order:
    """An order of Harbor; the stranger's company has none."""
    return place_order(order=asked(("FST-10001", "10", "EA", None), po="PO-1"), source_key="t:1").order


def role() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user || '|' || coalesce(current_setting('app.accounts', true), '')")
        row = cursor.fetchone()
    assert row
    return str(row[0])


def test_every_table_of_an_account_has_its_policy_and_every_other_a_reason(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, obj_description(p.oid, 'pg_policy'), c.relrowsecurity "
            "FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE p.polname = 'dealer'"
        )
        there = cursor.fetchall()
    assert sorted(there) == sorted((policy.table, policy.digest, True) for policy in dealer_policies())
    walled = walled_models()
    assert len(walled) > 35
    loose = {
        model._meta.label
        for model in _models()
        if model not in walled and any(field.related_model in walled for field in model._meta.fields)
    }
    assert loose == set(UNWALLED)


def _models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if not issubclass(model, pghistory.models.Event)]


def test_behind_the_wall_each_model_shows_the_rows_of_the_account_alone(cast: Cast, order: Order) -> None:
    seen = 0
    other = cast.stranger.memberships.get().account
    for model, path in walled_models().items():
        named = "__".join(part.removesuffix("_id") if at < len(path) - 1 else part for at, part in enumerate(path))
        for account in (cast.harbor, other):
            mine = models.Q(**{named: account.pk})
            if getattr(model, "common_without_account", False):
                mine |= models.Q(**{named: None})
            wanted = set(model._default_manager.filter(mine).values_list("pk", flat=True))
            with behind_wall([account.pk]):
                assert set(model._default_manager.values_list("pk", flat=True)) == wanted, model
            seen += len(wanted)
        with behind_wall([]):
            common = model._default_manager.count()
        assert common == (Price.objects.filter(account=None).count() if model is Price else 0), model
    assert seen > 20


def test_foreign_rows_are_neither_changed_nor_made(cast: Cast, order: Order) -> None:
    other = cast.stranger.memberships.get().account
    with behind_wall([other.pk]):
        assert Order.objects.filter(pk=order.pk).update(po_number="STOLEN") == 0
        assert Order.objects.filter(pk=order.pk).delete()[0] == 0
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            ShipTo.objects.create(
                account=cast.harbor, code="X", name="X", street="X", city="X", region="TX", postcode="1"
            )
        assert ShipTo.objects.filter(account=other).update(name="Ours") == 1
    order.refresh_from_db()
    assert order.po_number == "PO-1"
    assert not ShipTo.objects.filter(code="X").exists()


def test_the_history_of_a_row_is_seen_by_who_sees_the_row(cast: Cast, order: Order) -> None:
    other = cast.stranger.memberships.get().account
    history = Order.pgh_event_model.objects  # type: ignore[attr-defined]
    with behind_wall([other.pk]):
        assert not history.exists()
    with behind_wall([cast.harbor.pk]):
        assert history.filter(pgh_obj=order).exists()


def test_pages_stay_closed_when_the_portals_own_check_is_gone(cast: Cast, order: Order) -> None:
    stranger, colleague = signed_in(cast.stranger), signed_in(cast.colleague)

    def everything(self: Any, user: Any) -> Any:
        return self.all()

    with patch.object(AccountScopedQuerySet, "visible_to", everything):
        answers = [who.get(f"/orders/{order.number}/").status_code for who in (stranger, colleague)]
        page = stranger.get("/orders/?view=all").content.decode()
        with override_settings(DEALER_DATABASE_ROLE=""):
            open_to_all = stranger.get(f"/orders/{order.number}/").status_code
    assert answers == [404, 200]
    assert "PO-1" not in page
    assert open_to_all == 200  # it was the wall, and nothing else, that held
    assert role().endswith("|")


def test_a_key_of_one_account_is_behind_the_wall_and_a_house_key_is_not(cast: Cast, order: Order) -> None:
    other = cast.stranger.memberships.get().account
    seen = []
    for account in (other, None):
        _, secret = ApiKey.objects.create_key(name="k", account=account, scopes=["orders:read"])
        with patch("orders.api.views.OrderView.get", lambda *_a, **_k: HttpResponse(role())):
            answer = Client().get(f"/api/v1/orders/{order.number}", headers={"Authorization": f"Api-Key {secret}"})
        assert answer.status_code == 200
        seen.append(answer.content.decode())
    assert seen[0] == f"distportal_dealer|{other.pk}"
    assert not seen[1].startswith("distportal_dealer")


def test_the_wall_is_left_after_a_failure_and_comes_back_after_a_way_out(cast: Cast) -> None:
    before = role()
    with pytest.raises(ZeroDivisionError), behind_wall([cast.harbor.pk]):
        raise ZeroDivisionError
    assert role() == before
    with behind_wall([cast.harbor.pk]):
        with outside_wall():
            assert role() == before
        assert role() == f"distportal_dealer|{cast.harbor.pk}"
        with behind_wall([]):
            assert role() == "distportal_dealer|"
        assert role() == f"distportal_dealer|{cast.harbor.pk}"
    assert role() == before


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_is_made_inside_starts_inside(cast: Cast) -> None:
    before = role()
    with behind_wall([cast.harbor.pk]):
        connection.close()
        assert role() == f"distportal_dealer|{cast.harbor.pk}"
        assert Account.objects.get() == cast.harbor
    assert role() == before


def test_what_is_read_while_a_file_is_sent_is_read_behind_the_wall(cast: Cast) -> None:
    request: Any = RequestFactory().get("/")
    request.user, request.companies = cast.buyer, standings_of(cast.buyer)
    middleware = DealerWallMiddleware(lambda _: StreamingHttpResponse(role() for _ in range(2)))  # type: ignore[arg-type, return-value]
    parts = list(middleware(request))
    assert parts == [f"distportal_dealer|{cast.harbor.pk}".encode()] * 2
    assert role().endswith("|")


def test_without_the_right_to_make_the_role_the_message_says_what_to_run(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE plain_owner NOLOGIN")
        cursor.execute("SET ROLE plain_owner")
        try:
            with (
                override_settings(DEALER_DATABASE_ROLE="not_made"),
                pytest.raises(NoDealerRole, match='CREATE ROLE "not_made"'),
            ):
                raise_wall()
        finally:
            cursor.execute("RESET ROLE")
            cursor.execute("DROP ROLE plain_owner")


def test_raising_again_changes_nothing(db: None) -> None:
    query = "SELECT array_agg(oid ORDER BY oid) FROM pg_policy"
    with connection.cursor() as cursor:
        cursor.execute(query)
        before = cursor.fetchone()
        raise_wall()
        cursor.execute(query)
        assert cursor.fetchone() == before
