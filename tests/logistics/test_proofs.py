"""Proof of delivery: the picture is judged by its content, kept clean, and shown to whom it belongs."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from distportal.common.images import UnusableImage, clean_image
from distportal.events.clock import database_now
from exceptions.choices import CaseStatus
from exceptions.models import Case
from orders.models import ProofImage, ProofOfDelivery, Shipment
from orders.process.proofs import watch_proofs
from tests.clients import signed_in
from tests.conftest import Cast
from tests.logistics.carriers import Carrier, picture, proof
from tests.logistics.conftest import cases

pytestmark = pytest.mark.django_db
PLACE = b"GPS 39.5296 N"


def with_exif(kind: str = "JPEG") -> bytes:
    exif = Image.Exif()
    exif[0x010E] = PLACE.decode()
    exif[0x0112] = 6  # lies on its side
    return picture(kind, exif=exif)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_only_pixels_are_kept(kind: str) -> None:
    dirty = with_exif(kind)
    assert PLACE in dirty
    clean = clean_image(dirty + b"<script>alert(1)</script>" if kind != "WEBP" else dirty)
    assert PLACE not in clean.content
    assert b"script" not in clean.content
    assert (clean.width, clean.height) == (40, 60), "it was turned upright"
    assert clean.sha256 == hashlib.sha256(clean.content).hexdigest()
    with Image.open(io.BytesIO(clean.content)) as read:
        assert read.format == kind
        assert not read.getexif()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 50,
        picture()[:60],
        picture("GIF"),
        picture("BMP"),
        picture(size=(4, 4)),
        b"%PDF-1.7",
        b"MZ" + picture(),
        b"\x00" * (5 * 1024 * 1024 + 1),
    ],
    ids=["empty", "svg", "broken", "cut", "gif", "bmp", "tiny", "pdf", "program", "huge"],
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(UnusableImage):
        clean_image(content)


@pytest.mark.parametrize(("side", "said"), [(6_000, "6000 x 6000"), (16_000, "far too large")])
def test_a_bomb_is_refused_before_it_is_unpacked(side: int, said: str) -> None:
    bomb = picture(size=(side, side), mode="1")
    assert len(bomb) < 100_000
    with pytest.raises(UnusableImage, match=said):
        clean_image(bomb)


def test_a_film_is_refused_and_a_large_picture_made_smaller() -> None:
    out = io.BytesIO()
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    frames[0].save(out, format="WEBP", save_all=True, append_images=frames[1:])
    with pytest.raises(UnusableImage, match="moves"):
        clean_image(out.getvalue())
    assert (clean_image(picture(size=(4000, 1000))).width, clean_image(picture(mode="RGBA")).width) == (2000, 60)


def test_a_proof_comes_with_the_delivery_and_its_picture_is_stored_once(roady: Carrier, sent: Shipment) -> None:
    shown = proof(picture())
    roady.posted(roady.event("D1", "delivered", proof=shown))
    roady.posted(roady.event("D1", "delivered", proof=shown))
    first, _ = ProofOfDelivery.objects.all()
    assert (first.shipment, first.signed_by, first.place, first.source) == (sent, "M. Alvarez", "Dock 3", "Roadrunner")
    assert first.delivered_at == dt.datetime(2026, 11, 26, 16, tzinfo=dt.UTC)
    image = ProofImage.objects.get()
    assert image.sha256 == hashlib.sha256(bytes(image.content)).hexdigest()
    sent.refresh_from_db()
    assert sent.delivered_at == dt.datetime(2026, 11, 26, 0, tzinfo=dt.UTC), "the status told an earlier time"
    assert cases() == []


@pytest.mark.parametrize("image", ["%%%", "PHN2Zz4="])
def test_a_bad_picture_is_one_case_and_the_rest_of_the_proof_holds(roady: Carrier, sent: Shipment, image: str) -> None:
    roady.posted(roady.event("D1", "delivered", proof=proof(b"", image=image)))
    row = ProofOfDelivery.objects.get()
    assert (row.signed_by, row.image) == ("M. Alvarez", None)
    [case] = cases()
    assert (case.kind, case.subject_id, case.account) == ("shipment.bad_image", str(sent.pk), sent.order.account)
    roady.posted(roady.event("D1", "delivered", proof=proof(picture())))
    assert cases() == []
    assert Case.objects.get(kind="shipment.bad_image").status == CaseStatus.RESOLVED


def test_the_picture_is_served_to_its_dealer_and_to_staff_alone(
    roady: Carrier, sent: Shipment, cast: Cast, client: Any
) -> None:
    roady.posted(roady.event("D1", "delivered", proof=proof(picture())))
    url = reverse("orders:proof_image", args=[ProofOfDelivery.objects.get().pk])
    page = reverse("orders:shipment", args=[sent.number])
    for person in (cast.buyer, cast.colleague, cast.agent):
        answer = signed_in(person).get(url)
        assert answer.status_code == 200
        assert answer.content == bytes(ProofImage.objects.get().content)
        assert url in signed_in(person).get(page).content.decode()
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Cache-Control"].startswith("private")
    assert answer["Content-Disposition"].startswith('inline; filename="proof-')
    again = signed_in(cast.buyer).get(url, headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert signed_in(cast.stranger).get(url).status_code == 404
    assert signed_in(cast.stranger).get(page).status_code == 404
    assert client.get(url).status_code == 302


def test_the_page_tells_the_way_newest_first_and_the_empty_one_says_so(
    roady: Carrier, sent: Shipment, cast: Cast
) -> None:
    page = reverse("orders:shipment", args=[sent.number])
    empty = signed_in(cast.buyer).get(page).content.decode()
    assert "No news yet" in empty
    assert "Add a proof" not in empty, "dealers add none"
    roady.posted(roady.event("AF"))
    roady.posted(roady.event("D1", "delivered", at="2026-11-26T10:00:00-06:00", proof=proof(picture())))
    text = signed_in(cast.buyer).get(page).content.decode()
    assert text.index("Delivered</b>") < text.index("Picked up</b>")
    order = signed_in(cast.buyer).get(reverse("orders:detail", args=[sent.order.number])).content.decode()
    assert page in order
    assert "M. Alvarez" in order
    assert f'href="/chain/{sent.correlation_id}/"' in text


def test_a_parcel_leads_to_its_carriers_own_page(sent: Shipment, cast: Cast, settings: Any) -> None:
    address = reverse("orders:shipment", args=[sent.number])
    Shipment.objects.update(carrier="UPSN", tracking_number="1Z 9/9")
    text = signed_in(cast.buyer).get(address).content.decode()
    assert 'href="https://www.ups.com/track?tracknum=1Z%209%2F9" rel="noreferrer external"' in text
    assert "<dd>UPS</dd>" in text
    Shipment.objects.update(carrier="Blue Ridge")
    assert 'rel="noreferrer external"' not in signed_in(cast.buyer).get(address).content.decode()
    settings.TRACKING_PAGES = {"BLUE RIDGE": "https://blue.example/{number}", "EVIL": "javascript:alert(1)"}
    assert 'href="https://blue.example/1Z%209%2F9"' in signed_in(cast.buyer).get(address).content.decode()
    Shipment.objects.update(carrier="evil")
    assert "javascript:alert" not in signed_in(cast.buyer).get(address).content.decode()


def test_a_delivery_that_nobody_proved_is_one_case_ever_until_the_proof_comes(
    roady: Carrier, sent: Shipment, cast: Cast, settings: Any
) -> None:
    assert watch_proofs() == 0
    roady.posted(roady.event("D1", "delivered", at=(database_now() - dt.timedelta(days=2)).isoformat()))
    assert watch_proofs() == 0, "it is too early"
    settings.POD_DAYS = 1.0
    assert (watch_proofs(), watch_proofs()) == (1, 0)
    [case] = cases()
    assert (case.kind, case.subject_id) == ("shipment.no_proof", str(sent.pk))
    page = signed_in(cast.buyer).get(reverse("orders:shipment", args=[sent.number])).content.decode()
    assert "Its proof was requested on <time" in page
    roady.posted(roady.event("D1", "delivered", proof=proof(picture())))
    assert cases() == []
    assert watch_proofs() == 0
    settings.POD_DAYS = 0.0
    Shipment.objects.update(proof_asked_at=None)
    ProofOfDelivery.objects.all().delete()
    assert watch_proofs() == 0, "0 asks nobody"


def test_staff_add_what_the_carrier_gave_them(sent: Shipment, cast: Cast) -> None:
    url = reverse("orders:shipment", args=[sent.number])

    def add(person: Any, content: bytes) -> Any:
        told = {"signed_by": "J. Whitfield", "delivered_at": "2026-11-26T10:00"}
        scan = SimpleUploadedFile("../../etc/scan.png.exe", content, content_type="text/html")
        return signed_in(person).post(url, {**told, "picture": scan})

    assert add(cast.buyer, picture()).status_code == 403
    assert add(cast.stranger, picture()).status_code == 404
    refused = add(cast.agent, b"<html>")
    assert refused.status_code == 200
    assert "Nothing was saved" in refused.content.decode()
    assert not ProofOfDelivery.objects.exists()
    assert add(cast.agent, picture("JPEG")).status_code == 302
    add(cast.agent, picture("JPEG"))
    row = ProofOfDelivery.objects.get()
    assert (row.signed_by, row.source) == ("J. Whitfield", cast.agent.email)
    sent.refresh_from_db()
    assert sent.delivered_at == row.delivered_at
