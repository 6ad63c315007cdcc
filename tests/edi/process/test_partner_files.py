"""A partner travels as a file: what goes out comes in the same, differences first, nonsense refused whole."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest

from edi.errors import BadPartner, PartnerExists
from edi.models import DeadlineRule, DueDocument, TradingPartner
from edi.process.agreeing import agree_sets
from edi.process.partner_files import export_partner, import_partner, plan_import, read_partner_file
from orders.models import RulePolicy
from tests.conftest import Cast
from tests.edi.conftest import Post
from tests.mappings import mapped

pytestmark = pytest.mark.django_db


@pytest.fixture
def rich(crestline: Post) -> TradingPartner:
    """Crestline with something of everything."""
    partner = crestline.partner
    agree_sets(
        partner=partner, direction="in", set_ids=["850"], error_policy="reject_group", releases=["004010"],
        options={"price_tolerance": "1.5", "neighbours": True},
    )  # fmt: skip
    mapped("partner:CRESTLINE", "unit", "CS", "CA")
    DeadlineRule.objects.create(
        partner=partner, set_id="855", counted_from="received", hours=Decimal(24), valid_from=dt.date(2026, 1, 1),
        fee_kind="percent", fee_amount=Decimal("2.5"), fee_minimum=Decimal(100), source="guide",
    )  # fmt: skip
    return partner


def text(data: Any) -> bytes:
    return json.dumps(data).encode()


def erase(partner: TradingPartner) -> None:
    """Nothing of it is here any more."""
    DeadlineRule.objects.filter(partner=partner).delete()
    TradingPartner.objects.filter(pk=partner.pk).delete()


def test_what_goes_out_comes_in_the_same_and_in_test(rich: TradingPartner) -> None:
    out = export_partner(rich)
    erase(rich)
    RulePolicy.objects.all().delete()
    data = read_partner_file(text(out))
    known, changes = plan_import(data)
    assert known is None
    assert ("agreements in 850: error_policy", "", "reject_group") in [(d.place, d.old, d.new) for d in changes]
    came = import_partner(data=data)
    assert export_partner(came) == out
    assert came.usage == "T"
    assert plan_import(data) == (came, [])
    assert RulePolicy.objects.get().data == {"tolerance_percent": "1.5"}


def test_differences_are_shown_first_and_a_live_partner_stays_live(rich: TradingPartner) -> None:
    data = export_partner(rich)
    data["agreements"] = [row for row in data["agreements"] if row["set_id"] != "810"]
    next(row for row in data["agreements"] if row["set_id"] == "850")["error_policy"] = "reject_set"
    data["cross_references"] = [{"kind": "unit", "theirs": "CS", "ours": "BX"}]
    data["deadlines"] = []
    read = read_partner_file(text(data))
    _, changes = plan_import(read)
    told = [(d.place, d.old, d.new) for d in changes if "deadlines" not in d.place and "810" not in d.place]
    assert told == [
        ("agreements in 850: error_policy", "reject_group", "reject_set"),
        ("cross_references unit CS: ours", "CA", "BX"),
    ]
    assert TradingPartner.objects.get().agreements.get(set_id="850").error_policy == "reject_group", "only shown"
    partner = import_partner(data=read)
    assert partner.usage == "P"
    assert not partner.agreements.get(set_id="810").active
    assert partner.agreements.get(set_id="855").active
    assert partner.deadline_rules.count() == 1
    assert not DueDocument.objects.exists()


def test_a_file_holds_no_secret(rich: TradingPartner) -> None:
    assert set(export_partner(rich)) == {
        "format", "partner", "mailbox", "agreements", "cross_references", "deadlines",
    }  # fmt: skip
    assert export_partner(rich)["mailbox"] == {"path": "crestline"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d["partner"].update(code="../x"), "capitals, digits"),
        (lambda d: d["partner"].update(element_separator=">"), "must differ"),
        (lambda d: d["mailbox"].update(path="../../etc"), "between folders"),
        (lambda d: d["agreements"][0].update(error_policy="shrug"), "agreements 1, error_policy"),
        (lambda d: d["agreements"][0].update(options={"colour": 1}), "no option 'colour'"),
        (lambda d: d["agreements"][0].update(options=[1]), "no option"),
        (lambda d: d["agreements"][0].update(secret="x"), "agreements 1 is no object"),
        (lambda d: d["agreements"].append(d["agreements"][0]), "stands twice"),
        (lambda d: d["agreements"].append("x"), "is no object"),
        (lambda d: d["deadlines"][0].update(hours="soon"), "deadlines 1, hours"),
        (lambda d: d["deadlines"][0].update(valid_from="31.12.26"), "deadlines 1, valid_from"),
        (lambda d: d.update(format="other/1"), "format is not"),
    ],
)
def test_nonsense_is_refused_whole_and_by_name(rich: TradingPartner, change: Any, said: str) -> None:
    data = export_partner(rich)
    change(data)
    with pytest.raises(BadPartner, match=said):
        read_partner_file(text(data))


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"\xff\xfe", b"{}", b'{"format": "trading-partner/1"}', b"1" * 2_000_000]
)
def test_what_is_no_partner_is_refused(content: bytes) -> None:
    with pytest.raises(BadPartner):
        read_partner_file(content)


def test_another_partner_with_the_same_identities_is_not_overwritten(rich: TradingPartner, cast: Cast) -> None:
    data = export_partner(rich)
    data["partner"]["code"], data["mailbox"]["path"] = "OTHER", "other"
    with pytest.raises(PartnerExists):
        import_partner(data=read_partner_file(text(data)))
    data["partner"]["account"] = "NOBODY"
    with pytest.raises(BadPartner, match="no account 'NOBODY'"):
        import_partner(data=read_partner_file(text(data)))
    assert TradingPartner.objects.count() == 1
