"""Shopping lists: seen by whom they are meant for, ordered from on purpose only, and two people lose nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from distportal.accounts.choices import Role
from distportal.accounts.models import Membership
from distportal.common.errors import Conflict, Invalid, NotAllowed, NotFound
from inventory.models import Item
from orders.models import DraftLine, Order, ShoppingList
from orders.process.list_lines import Noted, add_items, drop_lines, note_lines, transfer_lines
from orders.process.lists import MOST_LINES, change_list, create_list, delete_list, duplicate_list
from tests.at_once import at_once
from tests.clients import signed_in
from tests.conftest import Cast
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db
SKUS = ("FST-10001", "PLB-30001", "HTL-40001")


@pytest.fixture
def bea(cast: Cast, synced: SandboxProcess) -> Client:
    return signed_in(cast.buyer)


def ids(*skus: str) -> list[int]:
    by_sku = dict(Item.objects.filter(sku__in=skus).values_list("sku", "pk"))
    return [by_sku[sku] for sku in skus]


def made(cast: Cast, name: str = "Van stock", *skus: str, shared: bool = False) -> ShoppingList:
    return create_list(account=cast.harbor, user=cast.buyer, name=name, shared=shared, item_ids=ids(*(skus or SKUS)))


def who(cast: Cast, row: ShoppingList, **more: Any) -> dict[str, Any]:
    return {"list_id": row.pk, "account": cast.harbor, "user": cast.buyer, **more}


def kept(row: ShoppingList) -> dict[str, str]:
    return {line.item.sku: line.note for line in row.lines.select_related("item")}


def test_a_list_is_made_filled_and_ordered_from_with_what_was_typed_alone(bea: Client, cast: Cast) -> None:
    bea.post("/lists/new/", {"name": "  Van   stock "})
    row = ShoppingList.objects.get()
    assert (row.name, row.owner, row.shared) == ("Van stock", cast.buyer, False)
    for sku in (*SKUS, "FST-10001"):
        bea.post("/lists/add/", {"sku": sku, "list": str(row.pk), "next": "/catalogue/"})
    assert list(kept(row)) == list(SKUS), "twice is once"
    page = bea.get(f"/lists/{row.pk}/")
    assert [one.quantity for one in page.context["rows"]] == ["", "", ""], "nothing is ordered by accident"
    first, second, third = ids(*SKUS)
    form = {f"quantity.{first}": "24", f"unit.{first}": "EA", f"quantity.{second}": "0", f"quantity.{third}": ""}
    assert bea.post(f"/lists/{row.pk}/order/", form).headers["Location"] == "/cart/"
    assert {line.item.sku: line.quantity for line in DraftLine.objects.all()} == {"FST-10001": 24}
    assert list(kept(row)) == list(SKUS), "the list stays"
    assert not Order.objects.exists()


def test_a_row_that_cannot_be_taken_leaves_cart_and_typed_words_as_they_were(bea: Client, cast: Cast) -> None:
    row = made(cast)
    first, second, _ = ids(*SKUS)
    line = row.lines.get(item=first)
    form = {
        f"quantity.{first}": "24", f"unit.{first}": "EA", f"quantity.{second}": "two", f"tick.{second}": "1",
        f"note.{line.pk}": "left shelf", f"was.{line.pk}": "",
    }  # fmt: skip
    page = bea.post(f"/lists/{row.pk}/order/", form)
    assert page.status_code == 422
    assert "“two” is no whole number" in page.content.decode()
    shown = {one.key: (one.quantity, one.ticked) for one in page.context["rows"]}
    assert shown[str(first)] == ("24", False)
    assert shown[str(second)] == ("two", True)
    assert not DraftLine.objects.exists()
    assert kept(row)["FST-10001"] == "left shelf", "the note is kept all the same"
    for bad in ({}, {f"quantity.{first}": "1", f"unit.{first}": "XX"}, {"quantity.77777777": "1"}):
        assert bea.post(f"/lists/{row.pk}/order/", bad).status_code in (404, 422), bad
    assert not DraftLine.objects.exists()


def test_a_private_list_is_its_owners_and_a_shared_one_the_companys(bea: Client, cast: Cast) -> None:
    row, adam, stranger = made(cast), signed_in(cast.colleague), signed_in(cast.stranger)
    paths = [f"/lists/{row.pk}/", f"/lists/{row.pk}/order/", f"/lists/{row.pk}/lines/", f"/lists/{row.pk}/change/"]

    def answers(client: Client) -> list[int]:
        return [client.get(paths[0]).status_code, *(client.post(path, {"name": "X"}).status_code for path in paths[1:])]

    assert answers(adam) == [404] * 4
    assert answers(stranger) == [404] * 4
    assert adam.post("/lists/add/", {"sku": SKUS[0], "list": str(row.pk)}).status_code == 404
    bea.post(paths[3], {"name": row.name, "name.was": row.name, "shared": "1"})
    assert adam.get(paths[0]).status_code == 200
    assert str(row.pk) in adam.get("/lists/").content.decode()
    assert answers(stranger) == [404] * 4
    assert str(row.pk) not in stranger.get("/lists/").content.decode()
    with pytest.raises(NotAllowed):
        change_list(list_id=row.pk, account=cast.harbor, user=cast.colleague, was=("", ""), now=("", ""), shared=False)
    row.refresh_from_db()
    assert (row.name, row.shared) == ("Van stock", True)


def test_a_viewer_reads_lists_and_changes_none(bea: Client, cast: Cast) -> None:
    row = made(cast, shared=True)
    Membership.objects.filter(user=cast.buyer).update(role=Role.VIEWER)
    viewer = signed_in(cast.buyer)
    page = viewer.get(f"/lists/{row.pk}/").content.decode()
    assert "Add to the cart" not in page
    assert "Save notes" not in page
    for path in ("order/", "lines/", "change/"):
        assert viewer.post(f"/lists/{row.pk}/{path}", {"delete": "1"}).status_code == 403
    assert viewer.post("/lists/new/", {"name": "X"}).status_code == 403
    with pytest.raises(NotAllowed):
        create_list(account=cast.harbor, user=cast.buyer, name="X")
    assert ShoppingList.objects.count() == 1


def test_who_did_not_make_a_list_deletes_it_only_as_administrator(bea: Client, cast: Cast) -> None:
    row = made(cast, shared=True)
    Membership.objects.filter(user=cast.colleague).update(role=Role.BUYER)
    with pytest.raises(NotAllowed):
        delete_list(list_id=row.pk, account=cast.harbor, user=cast.colleague)
    assert bea.post(f"/lists/{row.pk}/change/", {"delete": "1"}).headers["Location"] == "/lists/"
    assert not ShoppingList.objects.exists()
    with pytest.raises(NotFound):
        add_items(**who(cast, row), item_ids=ids(SKUS[0]))


def test_two_who_note_at_once_lose_neither_word(bea: Client, cast: Cast) -> None:
    row = made(cast, shared=True)
    first, second = row.lines.all()[:2]
    adam = {"list_id": row.pk, "account": cast.harbor, "user": cast.colleague}
    assert note_lines(**who(cast, row), notes={first.pk: Noted("", "bin 4"), second.pk: Noted("", "")}) == {}
    assert note_lines(**adam, notes={first.pk: Noted("", ""), second.pk: Noted("", "for Joe")}) == {}
    assert list(kept(row).values())[:2] == ["bin 4", "for Joe"], "what was not touched is not written over"
    assert note_lines(**adam, notes={first.pk: Noted("", "bin 9")}) == {first.pk: "bin 4"}
    page = bea.post(f"/lists/{row.pk}/lines/", {f"note.{first.pk}": "bin 7", f"was.{first.pk}": "", "do": "notes"})
    assert page.status_code == 409
    assert "Somebody wrote meanwhile: “bin 4”" in page.content.decode()
    assert 'value="bin 7"' in page.content.decode(), "ours stands in the field"
    assert f'name="was.{first.pk}" value="bin 4"' in page.content.decode(), "sent again it is ours"
    bea.post(f"/lists/{row.pk}/lines/", {f"note.{first.pk}": "bin 7", f"was.{first.pk}": "bin 4", "do": "notes"})
    assert kept(row)[SKUS[0]] == "bin 7"
    with pytest.raises(Conflict, match="yours was not saved"):
        change_list(**adam, was=("Old name", ""), now=("Other", ""), shared=True)


def test_lines_move_and_are_copied_with_their_notes(bea: Client, cast: Cast) -> None:
    row, other = made(cast), made(cast, "Yard", SKUS[0])
    note_lines(**who(cast, row), notes={line.pk: Noted("", f"n{n}") for n, line in enumerate(row.lines.all())})
    note_lines(**who(cast, other), notes={other.lines.get().pk: Noted("", "blue")})
    first, second, _ = ids(*SKUS)
    form = {f"tick.{first}": "1", f"tick.{second}": "1", "into": str(other.pk)}
    bea.post(f"/lists/{row.pk}/lines/", {**form, "do": "copy"})
    assert kept(other) == {SKUS[0]: "blue / n0", SKUS[1]: "n1"}
    assert list(kept(row)) == list(SKUS)
    bea.post(f"/lists/{row.pk}/lines/", {**form, "do": "move"})
    assert kept(other) == {SKUS[0]: "blue / n0", SKUS[1]: "n1"}, "moved twice is there once"
    assert list(kept(row)) == [SKUS[2]]
    copy = duplicate_list(**who(cast, other))
    assert (kept(copy), copy.shared, copy.name) == (kept(other), False, "Yard (copy)")
    bea.post(f"/lists/{row.pk}/lines/", {f"tick.{ids(SKUS[2])[0]}": "1", "do": "drop"})
    assert kept(row) == {}
    foreign = create_list(account=cast.harbor, user=cast.colleague, name="Adam's")
    assert bea.post(f"/lists/{other.pk}/lines/", {**form, "do": "move", "into": str(foreign.pk)}).status_code == 404
    assert len(kept(other)) == 2


def test_lines_of_other_lists_are_never_touched(cast: Cast, synced: SandboxProcess) -> None:
    row, other = made(cast), made(cast, "Yard")
    strange = list(other.lines.values_list("pk", flat=True))
    assert drop_lines(**who(cast, row), line_ids=strange) == 0
    assert note_lines(**who(cast, row), notes={strange[0]: Noted("", "x")}) == {}
    assert transfer_lines(**who(cast, row), into_id=other.pk, line_ids=strange, keep=False) == 0
    assert kept(other) == dict.fromkeys(SKUS, "")


def test_a_list_has_an_end_and_a_name(cast: Cast, synced: SandboxProcess) -> None:
    row = made(cast, "Big", SKUS[0])
    with pytest.raises(Invalid, match="1,000"):
        add_items(**who(cast, row), item_ids=range(10**6, 10**6 + MOST_LINES))
    assert row.lines.count() == 1
    for name in ("", "   ", "x" * 81):
        with pytest.raises(Invalid):
            create_list(account=cast.harbor, user=cast.buyer, name=name)
    assert ShoppingList.objects.count() == 1


def test_a_long_list_costs_as_many_queries_as_a_short_one(bea: Client, cast: Cast) -> None:
    short, long, counts = made(cast, "Short", SKUS[0]), made(cast, "Long"), []
    add_items(**who(cast, long), item_ids=list(Item.objects.values_list("pk", flat=True)[:90]))
    for row in (short, short, long):
        with CaptureQueriesContext(connection) as queries:
            assert bea.get(f"/lists/{row.pk}/").status_code == 200
        counts.append(len(queries))
    assert counts[1] == counts[2]


@pytest.mark.parametrize("text", ["new", "", "x", "7a1ca952-79c0-4ae3-9eb8-77936b2c6abc"])
def test_an_item_goes_into_a_new_list_or_one_that_is_there(bea: Client, cast: Cast, text: str) -> None:
    answer = bea.post("/lists/add/", {"sku": SKUS[0], "list": text, "next": "https://evil.example/"})
    assert answer.status_code == (302 if text == "new" else 404)
    if text == "new":
        assert answer.headers["Location"] == "/lists/"
        assert kept(ShoppingList.objects.get()) == {SKUS[0]: ""}


@pytest.mark.django_db(transaction=True)
def test_two_add_and_move_across_each_other_at_once(cast: Cast, synced: SandboxProcess) -> None:
    one, other = made(cast, "One", *SKUS[:2]), made(cast, "Other", SKUS[2])
    adam = {"account": cast.harbor, "user": cast.colleague}
    ShoppingList.objects.update(shared=True)
    at_once(
        lambda: add_items(**who(cast, one), item_ids=ids("FST-10002", "FST-10004")),
        lambda: add_items(list_id=one.pk, **adam, item_ids=ids("FST-10002", "FST-10005")),
    )
    assert sorted(kept(one)) == ["FST-10001", "FST-10002", "FST-10004", "FST-10005", "PLB-30001"]
    mine, theirs = ([line.pk for line in row.lines.all()] for row in (one, other))
    at_once(
        lambda: transfer_lines(**who(cast, one), into_id=other.pk, line_ids=mine, keep=False),
        lambda: transfer_lines(list_id=other.pk, **adam, into_id=one.pk, line_ids=theirs, keep=False),
    )
    assert kept(one).keys() | kept(other).keys() == {*SKUS, "FST-10002", "FST-10004", "FST-10005"}
    assert not kept(one).keys() & kept(other).keys()
