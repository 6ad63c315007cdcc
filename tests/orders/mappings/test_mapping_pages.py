"""Pages of code mappings: who may do what, and that what they show and store is right."""

from __future__ import annotations

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from distportal.accounts.models import Account, User
from distportal.events.sweeper import work_until_idle
from distportal.systems.mapping.models import CrossReference, MissingCode, TableUpload
from orders.models import Order
from orders.process.intake import place_order
from tests.clients import signed_in
from tests.conftest import Cast
from tests.mappings import mapped
from tests.orders.builders import asked
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db
HARBOR, ERP = "account:HARBOR", "erp:default"


@pytest.fixture
def operator(cast: Cast) -> Client:
    return signed_in(User.objects.get(email="operator@northline.example"))


@pytest.fixture
def agent(cast: Cast) -> Client:
    return signed_in(cast.agent)


def held(po: str = "PO-1") -> Order:
    order = asked(("FST-10001", "2", "CS", None), po=po, channel="api")
    return place_order(order=order, source_key=f"t:{uuid.uuid4()}").order


def form(**values: str) -> dict[str, str]:
    return {"scope": HARBOR, "kind": "unit", "theirs": "CS", "ours": "CA", **values}


def test_only_agents_and_operators_get_in(cast: Cast, agent: Client, operator: Client, synced: SandboxProcess) -> None:
    held()
    code, row = MissingCode.objects.get(), mapped(HARBOR, "unit", "KAR", "CA")
    upload = TableUpload.objects.create(content=b"kind,theirs,ours\nunit,A,EA\n", scope=HARBOR)
    open_to_agents = ["/mappings/", "/mappings/export/", "/mappings/missing/", f"/mappings/missing/{code.pk}/"]
    of_operators = ["/mappings/import/", f"/mappings/import/{upload.pk}/", f"/mappings/import/{upload.pk}/problems/"]
    for address in open_to_agents + of_operators:
        stranger, finance = signed_in(cast.buyer), signed_in(cast.finance)
        assert [c.get(address).status_code for c in (stranger, finance, operator)] == [403, 403, 200], address
        assert agent.get(address).status_code == (200 if address in open_to_agents else 403), address
        assert Client().get(address).status_code == 302
    for address in ("/mappings/save/", f"/mappings/{row.pk}/end/", f"/mappings/missing/{code.pk}/map/",
                    f"/mappings/missing/{code.pk}/ignore/", f"/mappings/import/{upload.pk}/apply/"):  # fmt: skip
        assert signed_in(cast.buyer).post(address, form(code="BX", reason="x")).status_code == 403, address
    code.refresh_from_db()
    assert (code.state, CrossReference.objects.count()) == ("open", 1)


def test_agents_map_words_of_accounts_and_not_codes_of_the_erp(cast: Cast, agent: Client, operator: Client) -> None:
    assert agent.post("/mappings/save/", form()).status_code == 302
    assert agent.post("/mappings/save/", form(scope=ERP)).status_code == 403
    of_erp = mapped(ERP, "unit", "KAR", "CA")
    moved = form(reference=str(of_erp.pk), theirs="X")
    assert agent.post("/mappings/save/", moved).status_code == 403, "not by moving it to an account either"
    assert agent.post(f"/mappings/{of_erp.pk}/end/", {"reason": "x"}).status_code == 403
    code = MissingCode.objects.create(scope=ERP, kind="unit", side="theirs", code="GEB")
    assert agent.post(f"/mappings/missing/{code.pk}/map/", {"code": "BX"}).status_code == 403
    assert operator.post(f"/mappings/missing/{code.pk}/map/", {"code": "BX"}).status_code == 302
    assert set(CrossReference.objects.values_list("scope", "theirs", "changed_by")) == {
        (HARBOR, "CS", "agent@northline.example"), (ERP, "KAR", ""), (ERP, "GEB", "operator@northline.example"),
    }  # fmt: skip


def test_a_row_is_changed_where_it_stands_and_the_filter_stays(agent: Client) -> None:
    row = mapped(HARBOR, "unit", "CS", "CA")
    opened = agent.get(f"/mappings/?q=CS&edit={row.pk}").content.decode()
    assert f'name="reference" value="{row.pk}"' in opened
    back = agent.post("/mappings/save/", form(reference=str(row.pk), ours="CT", back="/mappings/?q=CS"), follow=True)
    assert back.redirect_chain == [("/mappings/?q=CS", 302)]
    assert "Unit CS is our CT from now on" in back.content.decode()
    away = agent.post("/mappings/save/", form(reference=str(row.pk), ours="BX", back="https://evil.example/"))
    assert away["Location"] == "/mappings/"
    refused = agent.post("/mappings/save/", form(ours="QQ"), follow=True).content.decode()
    assert "we have no unit QQ" in refused
    ended = agent.post(f"/mappings/{row.pk}/end/", {"reason": "over"}, follow=True).content.decode()
    assert "no longer" in ended


def test_what_waits_is_shown_with_its_worth_and_one_press_lets_it_go_on(agent: Client, synced: SandboxProcess) -> None:
    order = held()
    listed = agent.get("/mappings/missing/").content.decode()
    assert "Harbor Hardware (HARBOR)" in listed
    code = MissingCode.objects.get()
    page = agent.get(f"/mappings/missing/{code.pk}/").content.decode()
    assert f"{order}, PO PO-1" in page
    assert f"/orders/{order.number}/" in page
    assert "usually case" in page
    told = agent.post(f"/mappings/missing/{code.pk}/map/", {"pick": "BX"}, follow=True).content.decode()
    assert "Unit CS is BX from now on; 1 pieces of work go on" in told
    work_until_idle()
    order.refresh_from_db()
    assert order.status == "confirmed"
    assert "Everything is mapped" in agent.get("/mappings/missing/").content.decode()
    assert "= BX" in agent.get("/mappings/missing/?state=mapped").content.decode()


def test_a_file_is_looked_at_first_and_then_imported(operator: Client) -> None:
    mapped(HARBOR, "unit", "CS", "CA")
    table = b"kind,theirs,ours\nunit,CS,CT\nunit,BOX,BX\nunit,X,=QQ\n"
    sent = {"file": SimpleUploadedFile("units.csv", table), "scope": HARBOR}
    preview = operator.post("/mappings/import/", sent, follow=True)
    page, address = preview.content.decode(), preview.redirect_chain[0][0]
    assert "Import the 2 right rows" in page
    assert CrossReference.objects.get().ours == "CA"
    wrong = b"".join(operator.get(f"{address}problems/").streaming_content).decode()  # type: ignore[attr-defined]
    assert wrong.splitlines()[1] == "4,we have no unit =QQ,unit,X,'=QQ"
    refused = operator.post(f"{address}apply/", {"rows": "all"}, follow=True).content.decode()
    assert "nothing was imported" in refused
    assert CrossReference.objects.count() == 1
    done = operator.post(f"{address}apply/", {"rows": "right"}, follow=True).content.decode()
    assert "1 mappings are new, 1 changed, 1 wrong rows were left out" in done
    assert not TableUpload.objects.exists()
    assert operator.post(f"{address}apply/", {"rows": "right"}).status_code == 404
    nothing = operator.post("/mappings/import/", {"scope": HARBOR}, follow=True).content.decode()
    assert "Choose a CSV or XLSX file" in nothing


def test_the_export_is_what_the_filters_show(agent: Client) -> None:
    mapped(HARBOR, "terms", "=1+1", "Net 30")
    mapped(ERP, "unit", "KAR", "CA")
    answer = agent.get(f"/mappings/export/?scope={HARBOR}")
    lines = b"".join(answer.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert answer["Content-Type"].startswith("text/csv")
    assert [line.split(",")[:4] for line in lines[1:]] == [[HARBOR, "terms", "'=1+1", "Net 30"]]


def test_a_big_table_is_paged_in_a_fixed_number_of_queries(agent: Client) -> None:
    def asked_for(address: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert agent.get(address).status_code == 200
        return len(asked)

    mapped(HARBOR, "unit", "CS", "CA")
    agent.get("/mappings/")
    few = asked_for("/mappings/")
    CrossReference.objects.bulk_create(
        CrossReference(scope=HARBOR, kind="terms", theirs=f"Z{n:05}", ours=f"Net {n}") for n in range(3000)
    )
    assert asked_for("/mappings/?page=3") == few
    assert "Z00149" in agent.get("/mappings/?page=3").content.decode()
    MissingCode.objects.bulk_create(
        MissingCode(scope=HARBOR, kind="item", side="theirs", code=f"C{n}") for n in range(300)
    )
    assert asked_for("/mappings/missing/") <= few


def test_whose_codes_are_meant_is_typed_and_no_page_lists_every_account(agent: Client) -> None:
    Account.objects.bulk_create(
        Account(code=f"MANY{n:03}", name=f"Many of them {n:03}", kind="dealer") for n in range(200)
    )
    page = agent.get("/mappings/").content.decode()
    assert page.count("<option") < 60
    mapped(HARBOR, "unit", "CS", "CA")
    mapped("account:MANY007", "unit", "KT", "CA")
    assert "KT" in agent.get("/mappings/?whose=many+of+them+007").content.decode()
    only = agent.get("/mappings/?whose=harbor").content.decode()
    assert ">CS<" in only
    assert ">KT<" not in only
    assert ">CS<" not in agent.get("/mappings/?whose=nobody+at+all").content.decode()
    MissingCode.objects.create(scope="account:MANY007", kind="item", side="theirs", code="ITEM-7")
    assert "ITEM-7" in agent.get("/mappings/missing/?whose=MANY007").content.decode()
    assert "ITEM-7" not in agent.get("/mappings/missing/?whose=harbor").content.decode()
    typed = {"kind": "unit", "theirs": "BOX", "ours": "BX"}
    agent.post("/mappings/save/", {**typed, "whose": "MANY007"})
    assert CrossReference.objects.get(theirs="BOX").scope == "account:MANY007"
    several = agent.post("/mappings/save/", {**typed, "theirs": "B2", "whose": "Many of"}, follow=True).content.decode()
    assert "could be Many of them 000 (MANY000)" in several
    nobody = agent.post("/mappings/save/", {**typed, "theirs": "B3", "whose": "zzz"}, follow=True).content.decode()
    assert "There is nobody called zzz" in nobody
    assert agent.post("/mappings/save/", {**typed, "theirs": "B4", "whose": "ERP default"}).status_code == 403
    assert not CrossReference.objects.filter(theirs__in=("B2", "B3", "B4")).exists()
