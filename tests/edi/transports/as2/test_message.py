"""AS2 messages through every combination of layers, and what is refused with which word."""

from __future__ import annotations

import base64
import hashlib
import itertools

import pytest

from edi.transports.as2.compress import compressed
from edi.transports.as2.encrypt import enveloped
from edi.transports.as2.errors import As2Failure
from edi.transports.as2.message import Composed, Keyring, Recipe, compose, open_message
from edi.transports.as2.mime import entity, read_entity
from edi.transports.as2.sign import signature_over
from tests.edi.transports.as2.keys import make_pair

PAYLOAD = b"ISA*00*~\nbare line feeds and \x00\xff bytes stay~\r\nIEA*1*1~"
THEIRS, OURS, STRANGER = make_pair("partner"), make_pair("portal"), make_pair("stranger")
KEYS = Keyring(ours=[OURS], theirs=[THEIRS.certificate])
COMBINATIONS = list(
    itertools.product(
        ("", "sha1", "sha256", "sha384", "sha512"),
        ("", "aes128_cbc", "aes192_cbc", "aes256_cbc"),
        ("", "before", "after"),
    )
)


def send(recipe: Recipe, payload: bytes = PAYLOAD) -> Composed:
    return compose(payload, filename="po.edi", recipe=recipe, signer=THEIRS, receiver=OURS.certificate)


@pytest.mark.parametrize(("sign", "cipher", "compress"), COMBINATIONS)
def test_every_combination_comes_back_byte_for_byte_with_the_mic_that_the_sender_knows(
    sign: str, cipher: str, compress: str
) -> None:
    sent = send(Recipe(sign=sign, cipher=cipher, compress=compress))
    found = open_message(sent.headers, sent.body, KEYS)
    assert (found.payload, found.filename) == (PAYLOAD, "po.edi")
    assert (found.signed, found.encrypted, found.compressed) == (sign, bool(cipher), bool(compress))
    assert found.mic(sent.mic_algorithm) == sent.mic
    assert (PAYLOAD in sent.body) == (not cipher and not compress)


def test_the_mic_is_over_the_bytes_that_the_standards_name() -> None:
    def sha256(data: bytes) -> str:
        return base64.b64encode(hashlib.sha256(data).digest()).decode()

    head = (
        b'Content-Type: application/edi-x12\r\nContent-Disposition: attachment; filename="po.edi"\r\n'
        b"Content-Transfer-Encoding: binary\r\n\r\n"
    )
    assert send(Recipe(sign="", cipher="")).mic == sha256(PAYLOAD), "RFC 4130: neither signed nor encrypted"
    for recipe in (
        Recipe(sign="", compress="before"),
        Recipe(sign="", cipher="", compress="before"),
        Recipe(sign=""),
        Recipe(),
        Recipe(compress="after"),
    ):
        assert send(recipe).mic == sha256(head + PAYLOAD), "with its MIME headers"
    packed = send(Recipe(cipher="", compress="before"))
    assert packed.mic not in (sha256(head + PAYLOAD), sha256(PAYLOAD)), "RFC 5402: over what was signed"


def failure(headers: dict[str, str], body: bytes, keys: Keyring = KEYS) -> str:
    with pytest.raises(As2Failure) as caught:
        open_message(headers, body, keys)
    return caught.value.modifier


def test_a_message_for_somebody_else_cannot_be_decrypted() -> None:
    sent = send(Recipe())
    assert failure(dict(sent.headers), sent.body, Keyring(ours=[STRANGER], theirs=[THEIRS.certificate])) == (
        "decryption-failed"
    )
    assert failure(dict(sent.headers), b"not asn.1 at all") == "decryption-failed"
    assert failure(dict(sent.headers), sent.body[:-40]) == "decryption-failed"


def test_a_foreign_signature_is_not_authentic_even_with_its_certificate_inside() -> None:
    sent = compose(PAYLOAD, filename="x", recipe=Recipe(), signer=STRANGER, receiver=OURS.certificate)
    assert failure(dict(sent.headers), sent.body) == "authentication-failed"


def test_changed_content_or_a_borrowed_signature_fails_the_integrity_check() -> None:
    sent = send(Recipe(cipher=""))
    assert failure(dict(sent.headers), sent.body.replace(b"ISA*00", b"ISA*01")) == "integrity-check-failed"
    forged = signature_over(PAYLOAD, type(THEIRS)(THEIRS.certificate, STRANGER.key), "sha256")
    part = entity({"Content-Type": "application/pkcs7-mime; smime-type=signed-data"}, forged)
    assert failure(dict(part.headers), part.body) in ("integrity-check-failed", "authentication-failed")


@pytest.mark.parametrize(("recipe", "word"), [(Recipe(sign=""), "signed"), (Recipe(cipher=""), "encrypted")])
def test_less_security_than_agreed_is_refused(recipe: Recipe, word: str) -> None:
    sent = send(recipe)
    keys = Keyring(ours=[OURS], theirs=[THEIRS.certificate], require_signed=True, require_encrypted=True)
    with pytest.raises(As2Failure, match=f"must be {word}") as caught:
        open_message(sent.headers, sent.body, keys)
    assert caught.value.modifier == "insufficient-message-security"


def test_a_small_message_does_not_become_a_huge_one() -> None:
    inner = entity({"Content-Type": "application/edi-x12"}, b"\0" * 5_000_000)
    body = compressed(inner.raw)
    assert len(body) < 10_000
    headers = {"Content-Type": "application/pkcs7-mime; smime-type=compressed-data"}
    assert failure(headers, body, Keyring(most_bytes=1_000_000)) == "decompression-failed"
    assert failure(headers, body[:-500]) == "decompression-failed"


def test_layers_do_not_go_on_for_ever() -> None:
    whole = entity({"Content-Type": "application/edi-x12"}, PAYLOAD)
    for _ in range(8):
        whole = entity({"Content-Type": "application/pkcs7-mime; smime-type=compressed-data"}, compressed(whole.raw))
    assert failure(dict(whole.headers), whole.body) == "unexpected-processing-error"


def test_after_a_roll_over_both_certificates_are_accepted() -> None:
    new = make_pair("partner-new")
    keys = Keyring(ours=[make_pair("portal-new"), OURS], theirs=[new.certificate, THEIRS.certificate])
    for signer in (THEIRS, new):
        sent = compose(PAYLOAD, filename="x", recipe=Recipe(), signer=signer, receiver=OURS.certificate)
        assert open_message(sent.headers, sent.body, keys).payload == PAYLOAD


def test_an_elliptic_curve_signs_and_cannot_be_encrypted_for() -> None:
    curve = make_pair("curve", curve=True)
    sent = compose(PAYLOAD, filename="x", recipe=Recipe(cipher=""), signer=curve)
    assert open_message(sent.headers, sent.body, Keyring(theirs=[curve.certificate])).signed == "sha256"
    with pytest.raises(ValueError, match="RSA"):
        enveloped(PAYLOAD, curve.certificate, "aes256_cbc")


def test_without_a_key_nothing_is_composed() -> None:
    with pytest.raises(ValueError, match="to sign with"):
        compose(PAYLOAD, filename="x", recipe=Recipe())
    with pytest.raises(ValueError, match="to encrypt for"):
        compose(PAYLOAD, filename="x", recipe=Recipe(sign=""))


def test_headers_are_read_with_folds_and_bare_line_feeds() -> None:
    found = read_entity(b'Content-Type: multipart/signed;\n\tboundary="x y"\nA: b\n\nbody')
    assert (found.content_type, found.parameter("boundary"), found.body) == ("multipart/signed", "x y", b"body")
