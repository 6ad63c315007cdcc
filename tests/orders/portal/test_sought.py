"""What people type finds rows of lists by any part of a number, among one company's and among everybody's, and what is
left out of a page is told.
"""

from __future__ import annotations

import pytest
from django.test import Client

from distportal.accounts.models import User
from orders.models import Order, Remittance
from orders.queries import sought
from tests.clients import signed_in
from tests.conftest import Cast
from tests.orders.money import an_invoice, line, pay
from tests.orders.portal.conftest import placed_order
from tests.plans import plans_without_walks
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db
POS = ("HH-4711/a", "HH-4712", "ZZ 9/47")


@pytest.fixture
def orders(cast: Cast, synced: SandboxProcess) -> list[Order]:
    """Three orders of the dealer, oldest first, each with an invoice I-1, I-2, I-3."""
    found = [placed_order(po=po) for po in POS]
    for n, order in enumerate(found, 1):
        an_invoice(cast.harbor, f"I-{n}", "10", order=order)
    return found


def orders_shown(client: Client, text: str) -> list[str]:
    page = client.get("/orders/", {"view": "all", "q": text})
    return [row.order.po_number for row in page.context["rows"]]


def invoices_shown(client: Client, text: str, **more: str) -> list[str]:
    return [row.invoice.number for row in client.get("/invoices/", {"q": text, **more}).context["rows"]]


def lines_shown(client: Client, text: str) -> list[tuple[str, str]]:
    page = client.get("/orders/lines/", {"q": text}).context["page"]
    return [(row.order.po_number, row.item.sku) for row in page.object_list]


def table(client: Client, address: str, text: str) -> list[str]:
    whole = b"".join(client.get(address, {"q": text}).streaming_content)  # type: ignore[attr-defined]
    return [row.split(",")[0] for row in whole.decode().splitlines()[1:]]


@pytest.mark.parametrize(
    ("text", "everybodys", "own"),
    [
        ("hh4711a", [0], [0]),
        ("h 47", [1, 0], [1, 0]),
        ("711", [0], [0]),
        ("947", [2], [2]),
        ("HH", [1, 0], [1, 0]),
        ("47", [], [2, 1, 0]),
        ("4", [], [2, 1, 0]),
        ("Z", [2], [2]),
        ("no such", [], []),
        ("'; --", [], []),
        ("%", [], []),
        ("_", [], []),
    ],
)
def test_a_part_of_a_po_finds_it(
    text: str, everybodys: list[int], own: list[int], cast: Cast, orders: list[Order]
) -> None:
    """Of two signs or one it is the beginning that counts among everybody's orders."""
    for user, wanted in ((cast.agent, everybodys), (cast.buyer, own), (cast.stranger, [])):
        client = signed_in(user)
        assert orders_shown(client, text) == [POS[at] for at in wanted], user
        assert sorted(invoices_shown(client, text)) == sorted(f"I-{at + 1}" for at in wanted), user
        assert sorted({po for po, _ in lines_shown(client, text)}) == sorted(POS[at] for at in wanted), user
        assert sorted(table(client, "/invoices.csv", text)) == sorted(f"I-{at + 1}" for at in wanted), user


@pytest.mark.parametrize("most", [1, 2_000], ids=["read along", "looked up"])
def test_few_and_many_are_the_same_rows(
    most: int, cast: Cast, orders: list[Order], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which way is taken is a matter of how many fit, not of what is found."""
    for n in range(3, 7):
        an_invoice(cast.harbor, f"INV-{n}", "10")
    monkeypatch.setattr(sought, "MOST_LOOKED_UP", most)
    agent = signed_in(cast.agent)
    assert orders_shown(agent, "hh47") == [POS[1], POS[0]]
    assert orders_shown(agent, f"SO-{orders[2].number}") == [POS[2]]
    assert orders_shown(agent, "fst-10002") == [*reversed(POS)]
    assert invoices_shown(agent, "nv") == [], "of two signs the beginning counts"
    for text in ("inv-", "nv-", "iN"):
        assert sorted(invoices_shown(agent, text)) == ["INV-3", "INV-4", "INV-5", "INV-6"], text
    assert invoices_shown(agent, "inv-", view="paid") == []
    assert sorted(invoices_shown(agent, "FST10002")) == ["I-1", "I-2", "I-3"]
    assert invoices_shown(agent, str(orders[1].number)) == ["I-2"]
    assert [at for at in ("i-", "I-") if sorted(invoices_shown(agent, at)) == ["I-1", "I-2", "I-3"]] == ["i-", "I-"]


def test_an_item_finds_its_lines_and_not_those_beside_it(cast: Cast, orders: list[Order]) -> None:
    for user in (cast.agent, cast.buyer):
        assert lines_shown(signed_in(user), "fst 10002") == [(po, "FST-10002") for po in POS]
    assert lines_shown(signed_in(cast.stranger), "fst 10002") == []


def test_what_very_many_pos_have_is_cut_told_and_whole_in_the_file(
    cast: Cast, orders: list[Order], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sought, "MOST_LOOKED_UP", 1)
    agent, buyer = signed_in(cast.agent), signed_in(cast.buyer)
    assert invoices_shown(agent, "HH47") == ["I-2"], "the newest order's"
    assert lines_shown(agent, "HH47") == [(POS[1], "FST-10001"), (POS[1], "FST-10002")]
    for address, what in (("/invoices/", "invoices"), ("/orders/lines/", "lines")):
        said = f"of those you see the {what} of the newest 1 orders"
        assert said in agent.get(address, {"q": "HH47"}).content.decode()
        assert said not in agent.get(address, {"q": "4711"}).content.decode()
        assert said not in agent.get(address).content.decode()
        assert said not in buyer.get(address, {"q": "HH47"}).content.decode()
    assert sorted(table(agent, "/invoices.csv", "HH47")) == ["I-1", "I-2"]
    assert len(table(agent, "/orders/lines.csv", "HH47")) == 4
    assert sorted(invoices_shown(agent, "HH47", account="HARBOR")) == ["I-1", "I-2"], "one company's are all read"
    assert sorted(invoices_shown(buyer, "HH47")) == ["I-1", "I-2"]
    chosen = agent.post("/invoice-files/choose/", {"all": "1", "q": "HH47"}, follow=True).context["export"]
    assert len(chosen.invoice_ids) == 2


def test_payments_are_found_by_a_part_of_their_trace_and_by_what_they_paid(cast: Cast, orders: list[Order]) -> None:
    pay(cast.harbor, line("I-1", "10"), trace="WIRE-77")
    pay(cast.harbor, line("I-2", "10"), trace="ACH-78")

    def traces(user: User, text: str) -> list[str]:
        page = signed_in(user).get("/payments/", {"q": text}).context["page"]
        return sorted(row.trace for row in page.object_list)

    for user in (cast.finance, cast.buyer):
        assert traces(user, "re-7") == ["WIRE-77"]
        assert traces(user, "i-2") == ["ACH-78"]
        assert traces(user, "wi") == ["WIRE-77"]
        assert traces(user, "i-3") == []
    assert (traces(cast.finance, "77"), traces(cast.buyer, "77")) == ([], ["WIRE-77"])
    assert traces(cast.stranger, "WIRE-77") == traces(cast.stranger, "i-2") == []


def test_each_way_to_a_row_has_its_index(cast: Cast, orders: list[Order]) -> None:
    """Where walking through all rows is forbidden, nothing else is left to do so."""
    agent = signed_in(cast.agent)
    with plans_without_walks() as told:
        for address in ("/orders/?view=all&q=4711", "/invoices/?q=4711", "/payments/?q=4711"):
            agent.get(address)
        # of few payments any index that knows which are applied serves as well
        assert list(Remittance.objects.filter(*sought.fits_number("4711", few=False, field="trace")).order_by()) == []
    plans = told()
    for index in (
        "orders_by_po_part",
        "orders_invoice_by_part",
        "orders_remittance_by_part",
        "orders_remittance_paid_for",
        "orders_shipment_tracking",
        "exceptions_case_open_of",
    ):
        assert index in plans, index
