"""Complaint 17: the Django admin counts whole tables, asks more queries the more it shows, and loads whole tables into
selects (portal.md, section 4, number 30). Here: 20,000 invoices, orders and disputes, as finance opens them; a million
are measured by `make bench`.
"""

from __future__ import annotations

import re
import uuid

import pytest
from django.contrib import admin
from django.db import connection, models
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from distportal.accounts.choices import AccountKind
from distportal.accounts.models import Account, User
from distportal.web.key_pages import InfinitePaginator
from distportal.web.staff_admin import StaffReadAdmin
from orders.models import ApprovalLimit, Dispute, Invoice, Order
from tests.clients import signed_in
from tests.conftest import Cast
from tests.orders.money import an_invoice

pytestmark = pytest.mark.django_db
MANY = 20_000
WHOLE = re.compile(r"\b(count|min|max|sum|avg)\s*\(|^select distinct", re.IGNORECASE)


def many(row: Model, count: int, **otherwise: str) -> None:
    """So many more rows like it; the columns named are made of `n` by an SQL expression."""
    columns = [str(field.column) for field in row._meta.concrete_fields]
    made = ", ".join(otherwise.get(name, f'"{name}"') for name in columns)
    names, table = ", ".join(f'"{name}"' for name in columns), row._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # no history and no checks of made-up rows
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {made} FROM {table}, generate_series(1, {count}) AS n"  # noqa: S608
        )
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute(f"ANALYZE {table}")


@pytest.fixture
def big(cast: Cast) -> None:
    """As many invoices, orders and disputes as three hundred pages take: what is asked does not depend on more."""
    story = uuid.uuid4()
    order = Order.objects.create(
        number=1, account=cast.harbor, channel="portal", po_number="PO-1", po_norm="PO1", canonical={},
        ordered_on=timezone.localdate(), content_hash="h", correlation_id=story,
    )  # fmt: skip
    invoice = an_invoice(cast.harbor, "I1", "10", order=order)
    dispute = Dispute.objects.create(
        number=1, token=uuid.uuid4(), account=cast.harbor, invoice=invoice, reason="price", amount_claimed=1,
        opened_by=cast.buyer, correlation_id=story,
    )  # fmt: skip
    key = "gen_random_uuid()"
    many(order, MANY, id=key, number="n + 1", po_norm="'Q' || n")
    many(invoice, MANY, id=key, number="'I' || n + 1", erp_id="'t' || n")
    many(dispute, MANY, id=key, token=key, number="n + 1")


def asked(client: Client, address: str) -> tuple[list[str], str]:
    client.get(address)  # what is remembered by process and session is asked once
    with CaptureQueriesContext(connection) as ran:
        answer = client.get(address)
    assert answer.status_code == 200, address
    return [query["sql"] for query in ran.captured_queries], answer.content.decode()


def test_no_list_counts_or_sums_its_table_and_a_page_more_costs_nothing_more(cast: Cast, big: None) -> None:
    finance, found = signed_in(cast.finance), {}
    for model in (Order, Invoice, Dispute):
        name = model._meta.model_name
        for address in (f"/admin/orders/{name}/", f"/admin/orders/{name}/?p=300", f"/admin/orders/{name}/?q=77"):
            queries, page = asked(finance, address)
            over = [sql for sql in queries if model._meta.db_table in sql and WHOLE.search(sql.partition(" FROM ")[0])]
            assert over == [], address
            found[address] = len(queries)
            if "p=300" in address:
                _only_the_page_is_joined(model, queries, page)
            assert "9999999999" not in page
            assert "9,999,999,999" not in page
    for name in ("order", "invoice", "dispute"):
        assert found[f"/admin/orders/{name}/"] == found[f"/admin/orders/{name}/?p=300"], name


def _only_the_page_is_joined(model: type[Model], queries: list[str], page: str) -> None:
    """What is passed over is passed over by its keys; the rows are those that stand there."""
    [rows] = [sql for sql in queries if "OFFSET 14950" in sql]
    assert " JOIN " not in rows[rows.index(" IN (SELECT ") :]
    [*ordering] = model._meta.ordering
    shown = [str(row) for row in model._default_manager.order_by(*ordering, "-pk")[14_950:15_000]]
    at = [page.index(f">{text}<") for text in shown]
    assert at == sorted(at)


def test_every_list_of_facts_goes_on_without_a_count(db: None) -> None:
    ours = {model: known for model, known in admin.site._registry.items() if isinstance(known, StaffReadAdmin)}
    assert {Order, Invoice, Dispute} <= set(ours)
    for model, known in ours.items():
        assert known.paginator is InfinitePaginator, model
        assert not known.show_full_result_count, model
        assert not known.date_hierarchy, f"{model}: it asks for the least and the greatest day of all rows"


def test_selects_do_not_hold_a_whole_table(cast: Cast) -> None:
    User.objects.bulk_create(User(email=f"p{n}@harbor.example", name=f"Person {n}") for n in range(300))
    Account.objects.bulk_create(Account(code=f"A{n}", name=f"Company {n}", kind=AccountKind.DEALER) for n in range(300))
    root = User.objects.create_superuser("root@northline.example", "a-long-password-1", name="Root")
    client = signed_in(root)
    pages = [f"/admin/accounts/account/{cast.harbor.pk}/change/", "/admin/orders/approvallimit/add/"]
    for address in pages:
        text = client.get(address).content.decode()
        assert text.count("<option") < 60, address
    assert ApprovalLimit.objects.count() == 0


def test_foreign_keys_that_may_be_edited_to_big_tables_are_searched(db: None) -> None:
    big_ones = {Account, Order, Invoice, Dispute}
    loose = [
        f"{known}: {field.name}"
        for model, known in admin.site._registry.items()
        if model.__module__.split(".")[0] in ("distportal", "exceptions", "inventory", "orders", "edi")
        and not isinstance(known, StaffReadAdmin)
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.related_model in big_ones and field.editable
        if field.name
        not in (*known.autocomplete_fields, *known.raw_id_fields, *known.readonly_fields, *(known.exclude or ()))
        and field.name in _shown(known)
    ]
    assert loose == []


def _shown(known: admin.ModelAdmin[Model]) -> set[str]:
    """The fields of its form, as far as they are said."""
    told = known.fields or [name for _, part in known.fieldsets or () for name in part["fields"]]
    flat = {name for entry in told for name in ([entry] if isinstance(entry, str) else entry)}
    return flat or {field.name for field in known.model._meta.fields}
