"""Certificates in force: which is used when, and who is told before one ends."""

from __future__ import annotations

import datetime as dt

import pytest

from distportal.events.clock import database_now
from edi.models import Certificate, Mailbox
from edi.process.keys import keyring_for, receiver_for, signer_for, store_certificate, watch_certificates
from edi.transports.as2.transport import As2Options
from exceptions.models import Case
from tests.edi.conftest import Post
from tests.edi.transports.as2.keys import make_pair

pytestmark = pytest.mark.django_db
OPTIONS = As2Options(our_id="US", their_id="THEM", url="https://them.example/as2")


@pytest.fixture
def mailbox(crestline: Post) -> Mailbox:
    return crestline.partner.mailbox


def test_the_new_one_is_used_from_its_day_and_both_are_accepted_meanwhile(mailbox: Mailbox) -> None:
    old, new, later = make_pair("old"), make_pair("new"), database_now() + dt.timedelta(days=3)
    for pair, from_at in ((old, None), (new, later)):
        store_certificate(certificate=pair.certificate, partner=mailbox.partner, from_at=from_at)
        store_certificate(certificate=pair.certificate, pair=pair, partner=None, from_at=from_at)
    keys = keyring_for(mailbox, OPTIONS)
    assert {c.subject for c in keys.theirs} == {old.certificate.subject, new.certificate.subject}
    assert {p.certificate.subject for p in keys.ours} == {old.certificate.subject, new.certificate.subject}
    signer, receiver = signer_for(mailbox), receiver_for(mailbox)
    assert signer
    assert receiver
    assert (signer.certificate.subject, receiver.subject) == (old.certificate.subject, old.certificate.subject)
    Certificate.objects.filter(subject="CN=new").update(from_at=database_now() - dt.timedelta(hours=1))
    Certificate.objects.filter(subject="CN=old").update(from_at=database_now() - dt.timedelta(days=9))
    signer, receiver = signer_for(mailbox), receiver_for(mailbox)
    assert signer
    assert receiver
    assert (signer.certificate.subject, receiver.subject) == (new.certificate.subject, new.certificate.subject)


def test_what_has_ended_or_serves_another_use_is_not_taken(mailbox: Mailbox, brightway: Post) -> None:
    ended, signs, foreign = make_pair("ended", days=-1, age=30), make_pair("signs"), make_pair("foreign")
    store_certificate(certificate=ended.certificate, partner=mailbox.partner)
    store_certificate(certificate=signs.certificate, partner=mailbox.partner, use="sign")
    store_certificate(certificate=foreign.certificate, partner=brightway.partner)
    assert [c.subject for c in keyring_for(mailbox, OPTIONS).theirs] == [signs.certificate.subject]
    assert receiver_for(mailbox) is None
    assert signer_for(mailbox) is None


def test_our_own_certificate_for_one_partner_goes_before_that_for_all(mailbox: Mailbox) -> None:
    own, everybody = make_pair("own"), make_pair("everybody")
    store_certificate(certificate=own.certificate, pair=own, partner=mailbox.partner)
    store_certificate(certificate=everybody.certificate, pair=everybody, partner=None)
    signer = signer_for(mailbox)
    assert signer
    assert signer.certificate.subject == own.certificate.subject


def test_private_keys_are_not_readable_in_the_row(mailbox: Mailbox) -> None:
    pair = make_pair("own")
    row = store_certificate(certificate=pair.certificate, pair=pair, partner=None)
    assert "PRIVATE" not in row.sealed_key
    assert store_certificate(certificate=pair.certificate, pair=pair, partner=None).pk == row.pk


def test_a_certificate_that_ends_is_one_case_worse_in_its_last_week_and_ended_by_its_successor(
    mailbox: Mailbox,
) -> None:
    soon, good = make_pair("soon", days=20), make_pair("good", days=300)
    row = store_certificate(certificate=soon.certificate, partner=mailbox.partner)
    for _ in range(3):
        assert watch_certificates() == 1
    case = Case.objects.get()
    assert (case.kind, case.code, case.severity, case.occurrences) == ("edi.certificate_ends", "certificate_30", 2, 1)
    Certificate.objects.filter(pk=row.pk).update(valid_until=database_now() + dt.timedelta(days=5))
    watch_certificates()
    assert list(Case.objects.order_by("created_at").values_list("code", "status", "severity")) == [
        ("certificate_30", "resolved", 2),
        ("certificate_7", "new", 3),
    ]
    store_certificate(certificate=good.certificate, partner=mailbox.partner)
    assert watch_certificates() == 0
    assert not Case.objects.filter(status="new").exists()
