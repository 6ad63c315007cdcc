"""The editor of a case: only what its kind lets correct, with what was chosen before, tried dry before it is saved."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from distportal.accounts.models import ShipTo
from distportal.events.sweeper import work_until_idle
from exceptions.errors import NotEditable
from exceptions.models import Case, CaseEntry
from exceptions.process.edits import resubmit_case
from orders.models import ErpCommand, FieldChoice, Order, OrderVersion
from orders.process.corrections import correct_order
from orders.process.dry_run import dry_run
from orders.process.intake import place_order
from tests.clients import signed_in
from tests.conftest import Cast
from tests.orders.builders import asked
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db
ITEM = "FST-10001"


def held(*lines: tuple[str, str, str, str | None], po: str = "PO-1", ship_to: str = "HARBOR-01") -> tuple[Order, Case]:
    order = place_order(order=asked(*lines, po=po, channel="edi", ship_to=ship_to), source_key=f"t:{po}").order
    return order, Case.objects.get(subject_id=str(order.pk))


def refused(cast: Cast) -> tuple[Order, Case]:
    """An order for a place that the ERP does not know."""
    ShipTo.objects.create(account=cast.harbor, code="HARBOR-99", name="New yard", region="OH")
    wanted = asked((ITEM, "10", "EA", None), (ITEM, "4", "EA", None), po="PO-R", ship_to="HARBOR-99")
    order = place_order(order=wanted, source_key="t:r").order
    work_until_idle()
    command = ErpCommand.objects.get(order=order)
    assert (command.state, command.attempts) == ("rejected", 1)
    return order, Case.objects.get(kind="erp.refused", subject_id=str(command.pk))


def test_only_what_the_kind_names_is_shown_and_taken(cast: Cast, synced: SandboxProcess) -> None:
    order, case = held((ITEM, "10", "EA", "0.30"))
    agent = signed_in(cast.agent)
    page = agent.get(f"/desk/{case.number}/").content.decode()
    assert 'name="fix.line.1.unit_price"' in page
    assert 'name="fix.line.1.unit"' in page
    assert "fix.line.1.quantity" not in page
    assert "fix.ship_to" not in page
    told = agent.post(
        f"/desk/{case.number}/act/resubmit/",
        {"version": "1", "fix.line.1.quantity": "9", "reason": "less"},
        follow=True,
    ).content.decode()
    assert "quantity may not be corrected in this case (what may: unit price, unit); nothing was saved" in told
    for user in (cast.agent, cast.finance):
        with pytest.raises(NotEditable):
            resubmit_case(case_id=case.pk, version=1, changes={"ship_to": "HARBOR-02"}, reason="x", user=user)
    order.refresh_from_db()
    assert (order.version, order.status) == (1, "held")
    assert not CaseEntry.objects.filter(case=case, action="resubmitted").exists()
    same = {"line.1.quantity": "10.0", "line.1.unit_price": "0.48"}
    told = resubmit_case(case_id=case.pk, version=1, changes=same, reason="by phone", user=cast.agent)
    assert told == "Resubmitted: the order is accepted, on its way to the ERP"
    [entry] = CaseEntry.objects.filter(case=case, action="resubmitted")
    changed = {"field": "line.1.unit_price", "label": "line 1, unit price", "old": "0.3", "new": "0.48"}
    assert entry.changes == [changed], "10.0 is 10"
    assert entry.text == "by phone"


def test_each_wrong_value_is_told_at_its_field_and_what_was_typed_stays(cast: Cast, synced: SandboxProcess) -> None:
    order, case = held((ITEM, "10", "EA", "0.30"), ("NO-SUCH", "6", "EA", None))
    typed = {"fix.line.1.quantity": "many", "fix.line.2.unit": "BOX", "fix.requested_on": "soon", "fix.line.9.sku": "X"}
    page = signed_in(cast.agent).get(f"/desk/{case.number}/", {"dry_run": "1", **typed}).content.decode()
    for told in (
        '<a href="#id_fix.line.1.quantity">Quantity of line 1</a>: &#x27;many&#x27; is not a number',
        "&#x27;BOX&#x27; is not a unit, such as EA or CS", "&#x27;soon&#x27; is not a date", "the order has no line 9",
        'value="many"', 'value="BOX"',
    ):  # fmt: skip
        assert told in page
    assert 'id="dry-run"' not in page
    kept = signed_in(cast.agent).post(f"/desk/{case.number}/act/resubmit/", {"version": "1", **typed}, follow=True)
    assert 'value="many"' in kept.content.decode(), "a refused form comes back as it was typed"
    order.refresh_from_db()
    assert order.version == 1


def test_what_was_chosen_before_for_the_same_value_of_the_same_dealer_is_suggested(
    cast: Cast, synced: SandboxProcess
) -> None:
    for n, unit in enumerate(("EA", "EA", "BX")):
        order, _ = held((ITEM, "100", "ZZ", None), po=f"OLD-{n}")
        correct_order(order_id=order.pk, version=1, changes={"line.1.unit": unit}, reason="as agreed", actor="ana")
    stranger = asked((ITEM, "100", "ZZ", None), po="S", account="SUMMIT", ship_to="SUMMIT-01")
    other = place_order(order=stranger, source_key="t:s").order
    correct_order(order_id=other.pk, version=1, changes={"line.1.unit": "CS"}, reason="theirs", actor="ana")
    assert FieldChoice.objects.filter(seen="ZZ", about=ITEM).count() == 4

    _, case = held((ITEM, "100", "ZZ", None), po="NEW")
    agent, address = signed_in(cast.agent), f"/desk/{case.number}/"
    page = agent.get(address).content.decode()
    assert page.index("<b>EA</b> chosen 2 times before, last") < page.index("<b>BX</b> chosen once before")
    assert "<b>CS</b> chosen" not in page, "what another dealer meant is not this one's"
    taken = agent.get(address, {"dry_run": "1", "fix.line.1.unit": "ZZ", "take": "line.1.unit=EA"}).content.decode()
    assert "<code>line.1.unit</code>" not in taken
    assert "Line 1, unit: ZZ → <b>EA</b>" in taken, "without scripts the button of a suggestion tries it dry"


def test_a_dry_run_shows_what_the_erp_would_get_and_nothing_is_written_anywhere(
    cast: Cast, synced: SandboxProcess
) -> None:
    order, case = held((ITEM, "10", "EA", "0.30"), ("NO-SUCH", "6", "EA", None))
    work_until_idle()
    agent, calls = signed_in(cast.agent), synced.ledger()
    agent.get(f"/desk/{case.number}/")
    typed = {"fix.line.1.unit_price": "0.48", "fix.line.2.sku": "FST-10002", "fix.line.1.quantity": "20"}
    with CaptureQueriesContext(
        connection,
    ) as seen:
        page = agent.get(f"/desk/{case.number}/", {"dry_run": "1", **typed}).content.decode()
    words = [query["sql"].split()[0] for query in seen.captured_queries]
    assert set(words) == {"SELECT"}
    assert not [
        query["sql"] for query in seen.captured_queries if "FOR UPDATE" in query["sql"] or "nextval" in query["sql"]
    ]
    assert synced.ledger() == calls, "the ERP was not even asked"
    for told in (
        "No rule objects", f"Field of NL-{order.number}", "It would have got", "<td>Line 1, price</td>",
        "<del>0.3</del>", "<ins>0.48</ins>", "<td>Line 1, quantity</td>", "<ins>20</ins>",
        "<td>Line 2, item</td>", "<ins>FST-10002</ins>",
    ):  # fmt: skip
        assert told in page
    tried = dry_run(order_id=order.pk, changes={name.removeprefix("fix."): value for name, value in typed.items()})
    assert (tried.leaves, tried.got) == (True, False)
    foreseen = {field.label: field.after for field in tried.fields}

    resubmit_case(
        case_id=case.pk,
        version=1,
        changes={k.removeprefix("fix."): v for k, v in typed.items()},
        reason="",
        user=cast.agent,
    )
    draft = ErpCommand.objects.get(order=order).draft
    assert {f"Line {line['line_key']}, warehouse": line["warehouse"] for line in draft["lines"]} == {
        label: value for label, value in foreseen.items() if label.endswith("warehouse")
    }
    assert [(line["sku"], line["quantity"], line["unit_price"]) for line in draft["lines"]] == [
        (foreseen[f"Line {n}, item"], foreseen[f"Line {n}, quantity"], foreseen[f"Line {n}, price"]) for n in ("1", "2")
    ], "the dry run told the truth"


def test_what_the_erp_refused_is_corrected_and_goes_there_again_under_its_key(
    cast: Cast, synced: SandboxProcess
) -> None:
    order, case = refused(cast)
    agent, address = signed_in(cast.agent), f"/desk/{case.number}/"
    page = agent.get(address, {"dry_run": "1", "fix.ship_to": "HARBOR-01"}).content.decode()
    assert "The ERP got" in page
    assert "<del>HARBOR-99</del>" in page
    held_again = agent.post(
        f"{address}act/resubmit/", {"version": "1", "fix.line.1.sku": "NO-SUCH", "reason": "x"}, follow=True
    ).content.decode()
    assert "so the order would not go on" in held_again
    assert OrderVersion.objects.filter(order=order).count() == 1, "what our own rules would hold is not sent"
    for version, places in enumerate(("HARBOR-99", "HARBOR-01"), 1):
        form = {
            "version": str(version),
            "fix.ship_to": places,
            "fix.line.2.quantity": f"{version}",
            "reason": f"{version}",
        }
        assert "Resubmitted" in agent.post(f"{address}act/resubmit/", form, follow=True).content.decode()
        case.refresh_from_db()
        assert case.status == "resubmitted"
        work_until_idle()
        case.refresh_from_db()
        assert case.is_open == (version == 1)
    order.refresh_from_db()
    assert (order.status, order.version) == ("confirmed", 3)
    [booked] = synced.orders(f"NL-{order.number}")
    assert [line["quantity"] for line in booked["lines"]] == [10, 2]  # type: ignore[attr-defined]
    assert list(OrderVersion.objects.filter(order=order).order_by("version").values_list("reason", flat=True))[1:] == [
        "1", "2",
    ]  # fmt: skip
    stale = agent.post(f"{address}act/resubmit/", {"version": "3", "fix.line.1.quantity": "5"}, follow=True)
    assert "the ERP does not refuse" in stale.content.decode()


def test_sending_again_as_it_was_says_who_and_why_and_no_version_claims_to_be_unchanged(
    cast: Cast, synced: SandboxProcess
) -> None:
    order, case = refused(cast)
    agent = signed_in(cast.agent)
    agent.post(f"/desk/{case.number}/act/send_again/", {"reason": "they opened the yard"})
    entry = CaseEntry.objects.filter(case=case).order_by("-pk").first()
    assert entry
    assert (entry.actor, entry.action, entry.text) == (cast.agent.email, "re-delivered", "they opened the yard")
    assert CaseEntry.objects.filter(case=case, text__contains="opened the yard").count() == 1, "said once"
    work_until_idle()
    for version, place in ((1, "HARBOR-99"), (2, "HARBOR-01")):
        resubmit_case(case_id=case.pk, version=version, changes={"ship_to": place}, reason=" ", user=cast.agent)
        work_until_idle()
    said = OrderVersion.objects.filter(order=order).order_by("version").values_list("reason", flat=True)
    assert [*said][1:] == ["resubmitted as it was", "no reason given"]


def test_a_corrected_day_reaches_the_erp(cast: Cast, synced: SandboxProcess) -> None:
    order, case = refused(cast)
    resubmit_case(
        case_id=case.pk,
        version=1,
        changes={"ship_to": "HARBOR-01", "requested_on": "2030-03-04"},
        reason="",
        user=cast.agent,
    )
    order.refresh_from_db()
    assert str(order.requested_on) == "2030-03-04"
    assert ErpCommand.objects.get(order=order).draft["requested_on"] == "2030-03-04"


def test_of_many_lines_those_in_the_way_are_shown_and_any_other_on_request(cast: Cast, synced: SandboxProcess) -> None:
    lines = [(ITEM, "10", "EA", None)] * 59
    _, case = held(*lines, (ITEM, "10", "EA", "0.30"))
    agent = signed_in(cast.agent)
    page = agent.get(f"/desk/{case.number}/").content.decode()
    assert page.count('class="linehead"') == 20
    assert "fix.line.60.unit_price" in page
    assert "20 of 60 lines are shown" in page
    assert "fix.line.41.unit_price" in agent.get(f"/desk/{case.number}/", {"line": "41"}).content.decode()


def test_a_stranger_sees_and_corrects_nothing(cast: Cast, synced: SandboxProcess) -> None:
    order, case = held((ITEM, "10", "EA", "0.30"))
    for person in (cast.buyer, cast.stranger):
        client = signed_in(person)
        assert client.get(f"/desk/{case.number}/", {"dry_run": "1", "fix.line.1.unit_price": "0.01"}).status_code == 403
        answer = client.post(f"/desk/{case.number}/act/resubmit/", {"version": "1", "fix.line.1.unit_price": "0.01"})
        assert answer.status_code == 403
    order.refresh_from_db()
    assert order.version == 1
