"""From samples to test to live: what happened decides the checklist, a person with a name flips the switch."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from distportal.accounts.models import Account
from distportal.events.sweeper import work_until_idle
from edi.errors import BadPartner, ChecksOpen, NothingToDo, PartnerExists, UnreadableSamples
from edi.models import Document, Onboarding, OutboundFile, SampleFile, StageChange, TradingPartner
from edi.process.going_live import back_to_test, go_live
from edi.process.onboarding import create_partner, start_onboarding, try_samples
from edi.process.rehearsal import send_test_invoice, send_test_notice
from edi.queries.checklist import checklist
from orders.models import Order
from tests.at_once import at_once
from tests.conftest import Cast
from tests.edi.conftest import Post
from tests.edi.process.texts import group, po, whole
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


def outcomes(post: Post) -> dict[str, str]:
    return {check.exchange.value: check.outcome.value for check in checklist(post.partner)}


def pass_all(post: Post) -> None:
    """Every must, as it happens between two companies."""
    post.take(post.order(("FST-10001", "100", "0.40"), po="T-1"))
    send_test_notice(partner=post.partner)
    send_test_invoice(partner=post.partner)
    work_until_idle()
    for set_id in ("856", "810"):
        document = Document.objects.get(set_id=set_id)
        assert document.group
        post.take(post.acknowledge(OutboundFile.objects.get(interchange__groups=document.group)))


def test_the_checklist_is_what_really_happened(tested: Post, catalogue: SandboxProcess) -> None:
    assert set(outcomes(tested).values()) == {"open"}
    pass_all(tested)
    found = outcomes(tested)
    assert {name for name, outcome in found.items() if outcome == "passed"} == {"clean", "asn", "invoice"}
    [notice], [bill] = tested.sets("856"), tested.sets("810")
    assert [row[1] for row in notice if row[0] == "PRF"] == ["T-1"]
    assert [row[4] for row in bill if row[0] == "BIG"] == ["T-1"]
    assert {chr(content[102]) for content in tested.fetched().values()} == {"T"}
    assert not Order.objects.exists()


def test_a_ship_notice_that_the_partner_rejects_fails_and_a_new_one_has_a_new_number(
    tested: Post, catalogue: SandboxProcess
) -> None:
    tested.take(tested.order(("FST-10001", "100", "0.40"), po="T-1"))
    first = send_test_notice(partner=tested.partner)
    work_until_idle()
    assert first.document.group
    tested.take(tested.acknowledge(OutboundFile.objects.get(interchange__groups=first.document.group), "R"))
    assert outcomes(tested)["asn"] == "failed"
    send_test_notice(partner=tested.partner)
    work_until_idle()
    assert outcomes(tested)["asn"] == "open"
    numbers = [row[2] for rows in tested.sets("856") for row in rows if row[0] == "BSN"]
    assert len(set(numbers)) == 2


def test_nothing_is_sent_without_a_test_order_or_an_agreement(tested: Post) -> None:
    with pytest.raises(NothingToDo, match="no test order"):
        send_test_notice(partner=tested.partner)
    assert tested.fetched() == {}


def test_going_live_waits_for_the_musts_and_has_a_name(tested: Post, catalogue: SandboxProcess, cast: Cast) -> None:
    pk = tested.partner.pk
    with pytest.raises(BadPartner):
        go_live(partner_id=pk, user=cast.agent, reason=" ")
    with pytest.raises(ChecksOpen) as refused:
        go_live(partner_id=pk, user=cast.agent, reason="they want it")
    assert refused.value.data["checks"] == ["Clean order", "Ship notice", "Invoice"]
    assert TradingPartner.objects.get().usage == "T"
    pass_all(tested)
    change = go_live(partner_id=pk, user=cast.agent, reason="all tests passed")
    assert (change.live, change.overridden, change.reason) == (True, [], "all tests passed")
    assert change.by.endswith("<agent@northline.example>")
    tested.take(whole(group(po())))
    assert Order.objects.count() == 1
    with pytest.raises(NothingToDo):
        go_live(partner_id=pk, user=cast.agent, reason="again")
    back_to_test(partner_id=pk, user=cast.agent, reason="wrong prices")
    tested.take(whole(group(po(po_number="PO-10")), number="000009002"))
    assert Order.objects.count() == 1


def test_an_override_says_what_was_open_and_cannot_be_rewritten(tested: Post, cast: Cast) -> None:
    change = go_live(partner_id=tested.partner.pk, user=cast.agent, reason="known partner", override=True)
    assert change.overridden == ["Clean order", "Ship notice", "Invoice"]
    for attempt in (StageChange.objects.all().delete, lambda: StageChange.objects.update(by="nobody")):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()


@pytest.mark.django_db(transaction=True)
def test_of_two_clicks_at_once_one_goes_live(tested: Post, cast: Cast) -> None:
    def click() -> str:
        try:
            go_live(partner_id=tested.partner.pk, user=cast.agent, reason="go", override=True)
        except NothingToDo:
            return "nothing"
        return "live"

    assert sorted(at_once(click, click, click)) == ["live", "nothing", "nothing"]
    assert StageChange.objects.count() == 1


def test_a_stranger_becomes_a_partner_in_test(cast: Cast, catalogue: SandboxProcess, edi_root: object) -> None:
    content = whole(group(po(), functional_id="PO"), sender="NEWBUYER")
    row = start_onboarding(files={"po.edi": content}, by="agent@northline.example")
    assert bytes(SampleFile.objects.get().content) == content
    account = Account.objects.get(code="CRESTLINE")
    [trial] = try_samples(onboarding_id=row.pk, account=account)
    assert (trial.exchange, trial.outcome) == ("clean", "passed")
    partner = create_partner(onboarding_id=row.pk, code="NEWBUYER", name="New Buyer", account=account, by="agent")
    assert (partner.usage, partner.their_id, partner.mailbox.path) == ("T", "NEWBUYER", "newbuyer")
    agreed = [(a.direction, a.set_id, a.releases) for a in partner.agreements.all()]
    assert agreed == [("in", "850", ["004010"]), ("out", "810", []), ("out", "855", []), ("out", "856", [])]
    assert not Order.objects.exists()
    post = Post(partner)
    post.take(whole(group(po()), sender="NEWBUYER", usage="T"))
    assert outcomes(post)["clean"] == "passed"
    with pytest.raises(NothingToDo):
        create_partner(onboarding_id=row.pk, code="OTHER", name="x", account=account, by="agent")
    again = start_onboarding(files={"po.edi": content}, by="agent")
    with pytest.raises(PartnerExists):
        create_partner(onboarding_id=again.pk, code="NEWBUYER2", name="x", account=account, by="agent")
    with pytest.raises(BadPartner, match="capitals"):
        create_partner(onboarding_id=again.pk, code="../x", name="x", account=account, by="agent")
    assert TradingPartner.objects.count() == 1


@pytest.mark.parametrize("files", [{}, {"a": b""}, {"a": b"Dear vendor"}, {"big": b"x" * 5_000_000}])
def test_files_that_name_nobody_are_not_kept(files: dict[str, bytes]) -> None:
    with pytest.raises(UnreadableSamples):
        start_onboarding(files=files, by="agent")
    assert not Onboarding.objects.exists()
