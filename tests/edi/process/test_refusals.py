"""Everything bad that can stand in a mailbox: told once, kept byte for byte, and no harm to what stands beside it."""

from __future__ import annotations

import pytest

from edi.models import Document, InboundFile, Interchange, OutboundFile
from edi.process.file_bytes import chunks_of
from edi.x12.envelope import read_interchange
from edi.x12.tokens import split_interchanges
from exceptions.choices import CaseStatus
from exceptions.models import Case
from orders.models import Order
from tests.edi.conftest import Post
from tests.edi.process.texts import group, isa, po, whole
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


def only_case() -> Case:
    [case] = Case.objects.filter(status__in=CaseStatus.OPEN)
    return case


def ta1_codes(post: Post) -> list[tuple[str, str]]:
    """(ISA13, TA105) of every TA1 in the outbox."""
    found = []
    for content in post.fetched().values():
        found += [(ta1[1], ta1[5]) for ta1 in read_interchange(split_interchanges(content)[0]).ta1s]
    return found


NO_ENVELOPE = {
    "empty": b"",
    "blank": b" \r\n\r\n",
    "no_isa": b"Dear vendor, please send us ten bolts.",
    "binary": bytes(range(256)) * 40,
    "nul": b"\x00" * 4096,
    "only_isa_word": b"ISA*00*",
    "huge_segment": b"X" * 5 * 1024 * 1024,
}


@pytest.mark.parametrize("content", NO_ENVELOPE.values(), ids=NO_ENVELOPE.keys())
def test_a_file_without_an_interchange_is_refused_kept_and_told_once(crestline: Post, content: bytes) -> None:
    file = crestline.take(content, "bad.edi")
    assert (file.state, b"".join(chunks_of(file)), file.size) == ("refused", content, len(content))
    assert file.problem
    case = only_case()
    assert (case.kind, case.subject_id, case.occurrences) == ("edi.unreadable_file", str(file.pk), 1)
    assert case.sentence.startswith("bad.edi from Crestline")
    assert case.reference == "CRESTLINE · bad.edi"
    crestline.take(content, "bad.edi")
    assert only_case().occurrences == 1, "the same file once more is the same file"
    crestline.take(content, "again.edi")
    assert only_case().occurrences == 2, "the same bytes by another name are the same trouble"
    assert (Interchange.objects.count(), OutboundFile.objects.count(), Order.objects.count()) == (0, 0, 0)


REFUSED = {
    "cut_off": (isa() + group(po())[:80], "023", "edi.rejected_interchange"),
    "huge_segment": (isa() + "GS*" + "X" * 5 * 1024 * 1024 + "~IEA*1*000009001~", "024", "edi.rejected_interchange"),
    "no_group": (isa() + "IEA*0*000009001~", "024", "edi.rejected_interchange"),
    "wrong_count": (whole(group(po()), count=3).decode(), "021", "edi.rejected_interchange"),
    "wrong_number": (isa() + group(po()) + "IEA*1*000009999~", "001", "edi.rejected_interchange"),
    "wrong_receiver": (whole(group(po()), receiver="SOMEBODY").decode(), "008", "edi.wrong_receiver"),
    "neither_live_nor_test": (whole(group(po()), usage="I").decode(), "020", "edi.rejected_interchange"),
    "nul_in_data": (whole(group(po()), count=3).decode().replace("PO-9", "P\x00-9"), "021", "edi.rejected_interchange"),
}


@pytest.mark.parametrize(("text", "code", "kind"), REFUSED.values(), ids=REFUSED.keys())
def test_a_bad_envelope_is_answered_by_a_ta1_and_told_once(crestline: Post, text: str, code: str, kind: str) -> None:
    content = text.encode("latin-1")
    file = crestline.take(content, "bad.edi")
    row = Interchange.objects.get(direction="in")
    assert (file.state, b"".join(chunks_of(file)), row.state) == ("read", content, "rejected")
    assert ta1_codes(crestline) == [("000009001", code)]
    case = only_case()
    assert (case.kind, case.subject_id) == (kind, str(row.pk))
    assert (Document.objects.filter(direction="in").count(), Order.objects.count()) == (0, 0)
    crestline.take(content, "again.edi")
    assert only_case().occurrences == 2


def test_the_number_of_a_refused_interchange_is_free_for_its_correction(crestline: Post, catalogue: object) -> None:
    crestline.take(whole(group(po()), count=3))
    crestline.take(whole(group(po())))
    assert [i.state for i in Interchange.objects.filter(direction="in").order_by("created_at")] == [
        "rejected",
        "accepted",
    ]
    assert Order.objects.count() == 1


def test_bad_siblings_harm_no_good_one(crestline: Post, catalogue: SandboxProcess) -> None:
    content = (
        b"junk before\n"
        + whole(group(po(po_number="BAD-1")), number="000009101", count=2)
        + whole(
            group(po("0001", "GOOD-1"), po("0002", "BAD-2", unit="??"), po("0003", "GOOD-2")),
            group(po(po_number="BAD-3"), number="72", count=9),
            group(po(po_number="GOOD-3"), number="73"),
            number="000009102",
        )
        + whole(group(po(po_number="GOOD-4")), number="000009104")
    )
    file = crestline.take(content)
    assert b"".join(chunks_of(file)) == content
    assert sorted(Order.objects.values_list("po_number", flat=True)) == ["GOOD-1", "GOOD-2", "GOOD-3", "GOOD-4"]
    assert set(Order.objects.values_list("status", flat=True)) == {"confirmed"}
    states = Interchange.objects.filter(direction="in").order_by("file_offset").values_list("state", flat=True)
    assert list(states) == ["rejected", "accepted", "accepted"]
    answers = [[r for r in rows if r[0] in ("AK1", "AK9")] for rows in crestline.sets("997")]
    assert answers == [
        [["AK1", "PO", "71"], ["AK9", "P", "3", "3", "2"]],
        [["AK1", "PO", "72"], ["AK9", "R", "9", "1", "0", "5"]],
        [["AK1", "PO", "73"], ["AK9", "A", "1", "1", "1"]],
        [["AK1", "PO", "71"], ["AK9", "A", "1", "1", "1"]],
    ]
    kinds = sorted(Case.objects.filter(status__in=CaseStatus.OPEN).values_list("kind", flat=True))
    assert kinds == ["edi.invalid_document", "edi.invalid_document", "edi.rejected_interchange"]


def test_an_unknown_sender_is_one_case_whatever_it_sends_and_is_read_after_it_was_set_up(
    crestline: Post, catalogue: SandboxProcess
) -> None:
    for number in ("000009201", "000009202"):
        crestline.take(whole(group(po(po_number=f"PO-{number}")), number=number, sender="CRESTNEW"))
    case = only_case()
    assert (case.kind, case.occurrences) == ("edi.unknown_partner", 2)
    assert crestline.fetched() == {}, "nobody knows where an answer should go"
    assert not Order.objects.exists()

    from distportal.events.sweeper import work_until_idle
    from edi.resolutions import read_sender_again

    crestline.partner.their_id = "CRESTNEW"
    crestline.partner.save()
    assert read_sender_again(case, {}, "", None) == "2 files will be read again now"  # type: ignore[arg-type]
    work_until_idle()
    assert Order.objects.count() == 2
    assert len(crestline.sets("997")) == 2
    case.refresh_from_db()
    assert (case.status, case.resolution) == ("resolved", "retried")
    assert Interchange.objects.filter(direction="in").count() == 2, "taken up where they stood, not written twice"


def test_a_file_in_the_name_of_another_partner_is_not_taken(crestline: Post, brightway: Post) -> None:
    crestline.take(whole(group(po()), sender="BRIGHTWAY"))
    case = only_case()
    assert case.kind == "edi.unknown_partner"
    assert "bears the name of Brightway" in case.sentence
    assert (crestline.fetched(), brightway.fetched(), Order.objects.count()) == ({}, {}, 0)


def test_a_repeat_is_answered_with_the_same_bytes_and_places_nothing(
    crestline: Post, catalogue: SandboxProcess
) -> None:
    content = whole(group(po()))
    crestline.take(content, "first.edi")
    [name] = [n for n in crestline.fetched() if "997" in n]
    answer = crestline.fetched()[name]
    (crestline.root / "outbox" / name).unlink()
    crestline.take(content, "second.edi")
    assert crestline.fetched()[name] == answer
    assert OutboundFile.objects.get(name=name).times_sent == 2
    (crestline.root / "outbox" / name).unlink()
    crestline.take(content, "first.edi")
    assert crestline.fetched()[name] == answer
    rows = Interchange.objects.filter(direction="in").order_by("created_at")
    assert [(r.state, r.repeat_of_id) for r in rows] == [("accepted", None), ("repeated", rows[0].pk)]
    assert Order.objects.count() == 1
    assert not Case.objects.exists()


def test_a_number_used_for_other_content_is_refused_with_025(crestline: Post, catalogue: SandboxProcess) -> None:
    crestline.take(whole(group(po(po_number="PO-A"))))
    crestline.take(whole(group(po(po_number="PO-B"))))
    assert list(Order.objects.values_list("po_number", flat=True)) == ["PO-A"]
    assert ta1_codes(crestline) == [("000009001", "025")]
    assert only_case().kind == "edi.duplicate_interchange"


def test_a_number_may_come_round_again_after_the_window(crestline: Post, catalogue: SandboxProcess) -> None:
    crestline.take(whole(group(po(po_number="PO-A"))))
    Interchange.objects.filter(direction="in").update(created_at="2024-01-01T00:00Z")
    crestline.take(whole(group(po(po_number="PO-B"))))
    crestline.take(whole(group(po(po_number="PO-C"))))
    assert sorted(Order.objects.values_list("po_number", flat=True)) == ["PO-A", "PO-B"]
    assert only_case().kind == "edi.duplicate_interchange"


def test_the_same_name_with_other_content_is_another_file(crestline: Post, catalogue: SandboxProcess) -> None:
    crestline.take(whole(group(po(po_number="PO-A")), number="000009301"), "order.edi")
    from distportal.events.sweeper import work_until_idle
    from edi.process.mailboxes import poll_mailboxes

    crestline.drop(whole(group(po(po_number="PO-B")), number="000009302"), "order.edi")
    assert poll_mailboxes() == 1
    work_until_idle()
    assert InboundFile.objects.filter(name="order.edi").count() == 2
    assert sorted(Order.objects.values_list("po_number", flat=True)) == ["PO-A", "PO-B"]
    assert len(list((crestline.root / "archive").iterdir())) == 2


def test_a_set_that_was_not_agreed_is_refused_in_the_997(crestline: Post) -> None:
    text = "ST*855*0001~BAK*00*AD*PO-9*20261124~PO1*1*1*EA**VN*X~CTT*1~SE*5*0001~"
    crestline.take(whole(group(text, functional_id="PR")))
    [answer] = crestline.sets("997")
    assert [r for r in answer if r[0] == "AK5"] == [["AK5", "R", "1"]]
    case = only_case()
    assert (case.kind, case.data["sentences"]) == (
        "edi.unsupported_set",
        ["The set '855' is not agreed with Crestline Home Centers."],
    )
    assert Document.objects.get(direction="in").state == "invalid"


def test_a_set_and_a_release_that_nobody_supports_are_refused(crestline: Post) -> None:
    crestline.take(whole(group("ST*204*0001~B2**SCAC**BOL1**PP~SE*3*0001~", functional_id="SM"), number="000009401"))
    crestline.take(whole(group(po(), version="003040"), number="000009402"))
    assert [r[-1][1:] if r[-1][0] == "AK9" else r[-2][1:] for r in crestline.sets("997")] == [
        ["R", "1", "1", "0", "1"],
        ["R", "1", "1", "0", "2"],
    ]
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (("BEG*00*", "BEG*01*"), "no order with the PO number PO-9 is known"),
        (("PO1*1*10*", "PO1*1*0*"), "not above zero"),
        (
            ("N1*ST**92*0117~", "N1*ST**92*0117~N1*ST**92*0233~"),
            "goes to which ship-to (0117, 0233)",
        ),
    ],
)
def test_an_850_that_is_no_order_has_one_case_and_can_be_discarded(
    crestline: Post, catalogue: SandboxProcess, changed: tuple[str, str], told: str
) -> None:
    text = po().replace(*changed)
    text = text.replace("SE*6*", f"SE*{text.count('~')}*")
    crestline.take(whole(group(text)))
    document = Document.objects.get(direction="in")
    case = only_case()
    assert (document.state, case.kind, case.subject_id) == ("failed", "edi.unreadable_order", str(document.pk))
    assert case.reference == f"CRESTLINE · PO {document.segments[1][3]}", "what people look for: partner and PO"
    assert told in case.sentence
    assert len(crestline.sets("997")) == 1
    assert not Order.objects.exists()

    from edi.resolutions import discard_order

    discard_order(case, {}, "keyed by hand", None)  # type: ignore[arg-type]
    document.refresh_from_db()
    case.refresh_from_db()
    assert (document.state, case.status) == ("settled", "resolved")


def test_an_order_of_a_closed_account_is_placed_after_it_is_open_again(
    crestline: Post, catalogue: SandboxProcess
) -> None:
    from distportal.accounts.models import Account
    from distportal.events.sweeper import work_until_idle
    from edi.resolutions import place_order_again

    Account.objects.filter(code="CRESTLINE").update(status="closed")
    crestline.take(whole(group(po())))
    case = only_case()
    assert (case.kind, case.code) == ("edi.unreadable_order", "unknown_account")
    Account.objects.filter(code="CRESTLINE").update(status="active")
    place_order_again(case, {}, "", None)  # type: ignore[arg-type]
    work_until_idle()
    assert Order.objects.get().status == "confirmed"
    assert not Case.objects.filter(status__in=CaseStatus.OPEN).exists()


def test_what_no_row_can_hold_in_a_group_s_release_is_answered_all_the_same(crestline: Post) -> None:
    """Found by the damaged files: a NUL in GS08 stopped the 997, and with it the file."""
    file = crestline.take(whole(group(po(), version="004010\x00")), "nul.edi")
    assert file.state == "read"
    [answer] = crestline.sets("997")
    assert [row for row in answer if row[0] == "AK9"] == [["AK9", "A", "1", "1", "1"]]
    assert Interchange.objects.get(direction="out").groups.get().release == "004010"
