"""Quick order: every row has an outcome, nothing typed is lost, and what is sound is in the cart once."""

from __future__ import annotations

import csv
import datetime as dt
import io
import uuid
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from distportal.accounts.choices import Role
from distportal.accounts.models import Membership
from distportal.common.errors import Conflict, Invalid
from inventory.models import Item, ItemCrossReference, StockLevel
from orders.choices import FindingAction
from orders.models import Draft, DraftLine, Order, QuickRow, RulePolicy
from orders.process.drafts import add_to_draft, open_draft
from orders.process.intake import place_order
from orders.process.quick.judging import judge_rows
from orders.process.quick.reading import TypedRow
from orders.process.quick.rows import MOST_ROWS, change_rows, keep_rows, take_rows
from tests.at_once import at_once
from tests.clients import main_of, signed_in
from tests.conftest import Cast
from tests.orders.builders import asked
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(cast: Cast, synced: SandboxProcess) -> Draft:
    return open_draft(account=cast.harbor, user=cast.buyer)


@pytest.fixture
def bea(cast: Cast, draft: Draft) -> Client:
    return signed_in(cast.buyer)


def cart(draft: Draft) -> dict[str, Decimal]:
    return {f"{line.item.sku} {line.unit}": line.quantity for line in draft.lines.select_related("item")}


def kept(draft: Draft) -> list[str]:
    return [str(row) for row in draft.quick_rows.all()]


def test_pasted_rows_are_judged_and_the_sound_ones_go_into_the_cart(bea: Client, draft: Draft) -> None:
    add_to_draft(draft=draft, item=Item.objects.get(sku="FST-10001"), quantity=Decimal(5), unit="EA")
    text = "fst10001 24\nFST-10001 6 each\nPLB-30001\t12\nFST-1O001 7\nPLB-30001 many"
    page = bea.post("/quick-order/read/", {"text": text}, follow=True).content.decode()
    assert "5 rows read" in page
    assert "No item has the code FST-1O001" in page
    assert page.index('value="FST-1O001"') < page.index('value="fst10001"'), "what is wrong stands first"
    sheet = judge_rows(draft=draft)
    assert [(line.row.code, line.problem) for line in sheet.problems] == [
        ("FST-1O001", "No item has the code FST-1O001"),
        ("PLB-30001 many", "No item has the code PLB-30001 many"),
    ]
    assert bea.post("/quick-order/take/").url == "/quick-order/"  # type: ignore[attr-defined]
    assert cart(draft) == {"FST-10001 EA": 35, "PLB-30001 EA": 12}
    assert kept(draft) == ["FST-1O001 7", "PLB-30001 many"], "what has a problem stays"
    assert not Order.objects.exists()


def test_a_row_is_mended_where_it_stands(bea: Client, draft: Draft) -> None:
    keep_rows(draft=draft, rows=[TypedRow("FST 10001"), TypedRow("FST", "10001"), TypedRow("PLB-30001", "1,5")])
    first, second, third = draft.quick_rows.all()
    sheet = judge_rows(draft=draft)
    guess = next(line.guess for line in sheet.lines if line.row == second)
    assert guess is not None
    assert (guess.item.sku, guess.quantity) == ("FST-10001", ""), "a code with a space was read as code and quantity"
    bea.post("/quick-order/save/", {"use": f"{second.pk}|FST-10001||"})
    grid = {f"code.{row.pk}": row.code for row in (first, third)} | {f"code.{second.pk}": "FST-10001"}
    grid |= {f"quantity.{first.pk}": "3", f"quantity.{second.pk}": "4", f"quantity.{third.pk}": "5"}
    assert bea.post("/quick-order/take/", grid).url == "/cart/"  # type: ignore[attr-defined]
    assert cart(draft) == {"FST-10001 EA": 7, "PLB-30001 EA": 5}
    assert kept(draft) == []


def test_words_after_the_quantity_are_told_and_no_part_of_the_code(bea: Client, draft: Draft) -> None:
    bea.post("/quick-order/read/", {"text": "FST-10001 2 XX\nFST-10001 3 for Bob"})
    assert kept(draft) == ["FST-10001 2 XX", "FST-10001 3 for Bob"]
    lines = judge_rows(draft=draft).lines
    assert [line.problem for line in lines] == ["“XX” is no unit that we know", "“for Bob” is no unit that we know"]
    assert lines[0].remedy.startswith("Use EA")
    page = main_of(bea.get("/quick-order/").content.decode())
    assert "“XX” is no unit that we know" in page
    assert cart(draft) == {}


def test_a_code_that_reads_like_a_quantity_with_words_is_offered_whole(bea: Client, draft: Draft) -> None:
    item = Item.objects.get(sku="FST-10001")
    ItemCrossReference.objects.create(account=draft.account, item=item, code="M8 40 A", code_norm="M840A")
    bea.post("/quick-order/read/", {"text": "M8 40 A\nM8 40 A 5"})
    read, sound = judge_rows(draft=draft).lines
    assert (str(read.row), str(sound.row)) == ("M8 40 A", "M8 40 A 5")
    assert (sound.item, sound.problem) == (item, "")
    assert read.guess is not None
    assert (read.guess.item, read.guess.quantity, read.guess.unit) == (item, "", "")
    page = main_of(bea.get("/quick-order/").content.decode())
    assert f'value="{read.row.pk}|FST-10001||"' in page
    bea.post("/quick-order/save/", {"use": f"{read.row.pk}|FST-10001||"})
    assert kept(draft) == ["FST-10001", "M8 40 A 5"]


def test_a_quantity_says_what_is_wrong_with_it(draft: Draft) -> None:
    keep_rows(draft=draft, rows=[TypedRow("FST-10001", much) for much in ("0", "0.0", "3.5", "some", "")])
    assert [line.problem for line in judge_rows(draft=draft).lines] == [
        "0 of it is nothing to order",
        "0.0 of it is nothing to order",
        "3.5 is no whole number",
        "some is no whole number",
        "How many?",
    ]


def test_what_is_not_sold_any_more_offers_what_stands_for_it(bea: Client, draft: Draft) -> None:
    RulePolicy.objects.create(account=None, code="substitute", action=FindingAction.REJECT)
    RulePolicy.objects.create(account=None, code="item_not_sold", action=FindingAction.REJECT)
    Item.objects.filter(sku="PLB-30001").update(status="discontinued")
    keep_rows(draft=draft, rows=[TypedRow("FST-10007", "20"), TypedRow("PLB-30001", "1")])
    old, gone = judge_rows(draft=draft).lines
    assert (old.guess and old.guess.item.sku, old.guess and old.guess.quantity) == ("FST-10008", "20")
    assert old.remedy == "FST-10008 stands for it: take it instead, or remove the row"
    assert (gone.guess, gone.remedy) == (None, "Nothing stands for it: remove the row")
    page = main_of(bea.get("/quick-order/").content.decode())
    assert f'value="{old.row.pk}|FST-10008|20|"' in page
    bea.post("/quick-order/save/", {"use": f"{old.row.pk}|FST-10008|20|"})
    assert sorted(kept(draft)) == ["FST-10008 20", "PLB-30001 1"]
    assert [line.problem for line in judge_rows(draft=draft).ready] == [""]


def test_any_code_finds_the_item(draft: Draft) -> None:
    item = Item.objects.exclude(upc="").filter(status="active").earliest("pk")
    ItemCrossReference.objects.create(account=draft.account, item=item, code="0042", code_norm="0042")
    rows = [TypedRow(code, "1") for code in (item.sku.lower().replace("-", " "), item.upc, f"00{item.upc}", "0042")]
    keep_rows(draft=draft, rows=rows)
    assert [line.item for line in judge_rows(draft=draft).lines] == [item] * 4


def test_a_refusal_of_the_rules_is_a_problem_and_a_remark_is_none(draft: Draft) -> None:
    gone = Item.objects.get(sku="PLB-30001")
    Item.objects.filter(pk=gone.pk).update(status="discontinued")
    StockLevel.objects.filter(item__sku="FST-10001").update(available=0, supply_on=None, supply_quantity=0)
    keep_rows(
        draft=draft, rows=[TypedRow("FST-10001", "10"), TypedRow("PLB-30001", "1"), TypedRow("FST-10001", "1", "PR")]
    )
    by_code = {str(line.row): line for line in judge_rows(draft=draft).lines}
    short = by_code["FST-10001 10"]
    assert (short.problem, len(short.remarks)) == ("", 1), "it is backordered, and says so"
    assert str(short.row.pk) not in short.remarks[0]
    assert short.amount > 0
    assert by_code["FST-10001 1 PR"].problem == "Not sold by PR"
    assert by_code["PLB-30001 1"].problem or by_code["PLB-30001 1"].remarks


def test_each_row_says_from_where_and_when_it_leaves_and_the_sheet_how_many(bea: Client, draft: Draft) -> None:
    RulePolicy.objects.create(account=None, code="split", action=FindingAction.ACCEPT, data={"per_line": "2"})
    later = dt.date(2099, 1, 1)
    levels = StockLevel.objects.filter(item__sku="FST-10005")
    assert list(levels.order_by("-available").values_list("warehouse__code", flat=True)) == ["RENO", "DAYTON", "NEWARK"]
    levels.filter(warehouse__code="DAYTON").update(supply_on=later, supply_quantity=5000, supplies=[])
    rows = [TypedRow("FST-10005", "2000"), TypedRow("FST-10005", "3000"), TypedRow("FST-10005", "7", "XX")]
    keep_rows(draft=draft, rows=rows)
    sheet = judge_rows(draft=draft)
    told = {str(line.row): [(p.warehouse_code, int(p.quantity), p.due_on) for p in line.parts] for line in sheet.lines}
    assert told == {
        "FST-10005 7 XX": [],
        "FST-10005 2000": [("RENO", 2000, None)],
        "FST-10005 3000": [("DAYTON", 1920, None), ("NEWARK", 960, None), ("DAYTON", 120, later)],
    }
    page = main_of(bea.get("/quick-order/").content.decode())
    for words in (
        "2,000 EA leaves",
        "from Reno",
        "1,920 EA leaves",
        "from Newark",
        ">1 Jan 2099</time>",
        "from Dayton",
    ):
        assert words in page
    told_all = [(one.warehouse_code, one.on == later, one.rows) for one in sheet.leavings]
    assert told_all == [("DAYTON", False, 1), ("NEWARK", False, 1), ("RENO", False, 1), ("DAYTON", True, 1)]


def test_what_is_refused_takes_nothing_from_the_rows_behind_it(draft: Draft) -> None:
    Item.objects.filter(sku="FST-10001").update(order_multiple=10)
    RulePolicy.objects.create(account=None, code="quantity_multiple", action=FindingAction.REJECT)
    StockLevel.objects.filter(item__sku="FST-10001").update(available=0, supply_on=None, supply_quantity=0, supplies=[])
    StockLevel.objects.filter(item__sku="FST-10001", warehouse__code="RENO").update(available=30)
    keep_rows(draft=draft, rows=[TypedRow("FST-10001", "27"), TypedRow("FST-10001", "30")])
    refused, sound = judge_rows(draft=draft).lines
    assert (str(refused.row), refused.parts) == ("FST-10001 27", ())
    assert refused.problem.startswith("27 EA of FST-10001 asked."), "the row stands there: it is not named once more"
    assert [(part.warehouse_code, part.quantity, part.due_on) for part in sound.parts] == [("RENO", 30, None)]
    assert sound.remarks == ()


def test_typing_saves_a_row_once_and_answers_with_its_outcome_alone(bea: Client, draft: Draft) -> None:
    key = uuid.uuid4()
    typed = {f"code.{key}": "FST-10001", f"quantity.{key}": "", f"unit.{key}": ""}
    for quantity in ("", "2", "24"):
        answer = bea.post("/quick-order/save/", {**typed, f"quantity.{key}": quantity}, headers={"HX-Request": "true"})
    assert kept(draft) == ["FST-10001 24"]
    body = answer.content.decode()
    assert f'id="said-{key}" hx-swap-oob="true"' in body
    assert "<input" not in body, "what is being typed is never written over"
    bea.post("/quick-order/save/", {f"code.{key}": "", f"quantity.{key}": "", f"unit.{key}": ""})
    assert kept(draft) == [], "a row without words is gone"


def test_what_would_be_too_many_rows_is_refused_whole(bea: Client, draft: Draft) -> None:
    keep_rows(draft=draft, rows=[TypedRow("FST-10001", "1")] * (MOST_ROWS - 1))
    page = bea.post("/quick-order/read/", {"text": "FST-10001 1\nFST-10001 2"})
    assert page.status_code == 422
    assert "nothing was added" in page.content.decode()
    assert "FST-10001 1\nFST-10001 2</textarea>" in page.content.decode(), "what was pasted is not lost"
    assert draft.quick_rows.count() == MOST_ROWS - 1
    with pytest.raises(Invalid):
        change_rows(draft=draft, rows={uuid.uuid4(): TypedRow("A"), uuid.uuid4(): TypedRow("B")})
    assert draft.quick_rows.count() == MOST_ROWS - 1


def test_the_page_asks_as_much_of_many_rows_as_of_few(bea: Client, draft: Draft) -> None:
    skus = list(Item.objects.filter(status="active").values_list("sku", flat=True)[:40])
    asked = []
    for count in (3, len(skus)):
        draft.quick_rows.all().delete()
        keep_rows(draft=draft, rows=[TypedRow(sku, "1") for sku in skus[:count]])
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert bea.get("/quick-order/").status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_adding_is_all_or_nothing(draft: Draft) -> None:
    item = Item.objects.get(sku="FST-10001")
    add_to_draft(draft=draft, item=item, quantity=Decimal(999_999), unit="EA")
    keep_rows(draft=draft, rows=[TypedRow("PLB-30001", "1"), TypedRow("FST-10001", "2")])
    with pytest.raises(Invalid):
        take_rows(draft=draft)
    assert cart(draft) == {"FST-10001 EA": 999_999}
    assert len(kept(draft)) == 2


@pytest.mark.django_db(transaction=True)
def test_a_double_click_adds_once(draft: Draft) -> None:
    keep_rows(draft=draft, rows=[TypedRow("FST-10001", "24"), TypedRow("PLB-30001", "1")])
    taken = at_once(*[lambda: take_rows(draft=draft)] * 3)
    assert sorted(one.added for one in taken) == [0, 0, 2]
    assert cart(draft) == {"FST-10001 EA": 24, "PLB-30001 EA": 1}


def test_strangers_colleagues_and_viewers_reach_no_row_of_another(cast: Cast, bea: Client, draft: Draft) -> None:
    keep_rows(draft=draft, rows=[TypedRow("FST-10001", "24")])
    row = draft.quick_rows.get()
    for user in (cast.stranger, cast.colleague):
        client = signed_in(user)
        assert "FST-10001" not in client.get("/quick-order/").content.decode().replace("FST-10001 24&#10;", "")
        client.post("/quick-order/save/", {f"code.{row.pk}": "MINE", f"quantity.{row.pk}": "1"})
        client.post("/quick-order/save/", {"drop": str(row.pk)})
        client.post("/quick-order/clear/")
        client.post("/quick-order/take/")
    assert kept(draft) == ["FST-10001 24"]
    assert not DraftLine.objects.exists()
    Membership.objects.filter(user=cast.buyer).update(role=Role.VIEWER)
    assert {bea.get("/quick-order/").status_code, bea.post("/quick-order/take/").status_code} == {403}


def test_a_placed_cart_takes_no_more_rows(draft: Draft) -> None:
    order = place_order(order=asked(("FST-10001", "1", "EA", None)), source_key="t:1").order
    Draft.objects.filter(pk=draft.pk).update(order=order)
    with pytest.raises(Conflict):
        keep_rows(draft=draft, rows=[TypedRow("FST-10001", "1")])
    assert not QuickRow.objects.exists()


def test_nothing_is_added_of_nothing(bea: Client, draft: Draft) -> None:
    assert bea.post("/quick-order/take/").url == "/quick-order/"  # type: ignore[attr-defined]
    page = bea.post("/quick-order/read/", {"text": " \n "}, follow=True).content.decode()
    assert "There was no row in it" in page
    assert bea.get("/quick-order/problems.csv").status_code == 200
    assert not DraftLine.objects.exists()


def test_the_problem_file_runs_nothing_and_can_be_uploaded_again(bea: Client, draft: Draft) -> None:
    upload = SimpleUploadedFile("list.csv", b'code;quantity\n"=cmd|x";3\nFST-10001;2\nNOPE;4\n')
    bea.post("/quick-order/read/", {"file": upload})
    problems = b"".join(bea.get("/quick-order/problems.csv").streaming_content).decode()  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(problems)))
    assert [(row["code"], row["quantity"], row["from"]) for row in rows] == [
        ("'=cmd|x", "3", "list.csv row 2"),
        ("NOPE", "4", "list.csv row 4"),
    ]
    bea.post("/quick-order/clear/")
    bea.post("/quick-order/read/", {"file": SimpleUploadedFile("again.csv", problems.encode())})
    assert [row.quantity for row in draft.quick_rows.all()] == ["3", "4"]


def test_a_file_that_is_none_is_told_and_takes_nothing(bea: Client, draft: Draft) -> None:
    photo = SimpleUploadedFile("photo.csv", b"\xff\xd8\xff\x00\x00")
    page = bea.post("/quick-order/read/", {"file": photo}).content.decode()
    assert "neither CSV nor XLSX" in page
    assert kept(draft) == []
