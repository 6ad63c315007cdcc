"""The openssl command line as an independent peer, both ways. Without it these tests fail: every CI has it."""

from __future__ import annotations

from pathlib import Path

import pytest

from edi.transports.as2.errors import As2Failure
from edi.transports.as2.message import Keyring, Recipe, compose, open_message
from edi.transports.as2.mime import Entity, parts_of, read_entity
from tests.edi.transports.as2.openssl_peer import Peer, openssl

PAYLOAD = b"ISA*00*          *00*          *ZZ*A~GS*PO~\r\nIEA*1*000000001~\r\n"
HEAD = b"Content-Type: application/edi-x12\r\nContent-Transfer-Encoding: binary\r\n\r\n"


@pytest.fixture
def peer(tmp_path: Path) -> Peer:
    return Peer(tmp_path)


@pytest.mark.parametrize("cipher", ["aes128_cbc", "aes192_cbc", "aes256_cbc"])
@pytest.mark.parametrize("sign", ["sha1", "sha256", "sha384", "sha512"])
def test_what_we_sign_and_encrypt_openssl_decrypts_and_verifies(peer: Peer, cipher: str, sign: str) -> None:
    sent = compose(
        PAYLOAD, filename="po.edi", recipe=Recipe(sign=sign, cipher=cipher), signer=peer.ours,
        receiver=peer.pair.certificate,
    )  # fmt: skip
    whole = read_entity(peer.decrypt(sent.body))
    data, signature = parts_of(whole)
    assert peer.verify(read_entity(signature).content, data) == data
    assert read_entity(data).body == PAYLOAD


def test_what_we_sign_openssl_verifies_as_smime(peer: Peer) -> None:
    sent = compose(PAYLOAD, filename="po.edi", recipe=Recipe(cipher=""), signer=peer.ours)
    head = "".join(f"{name}: {value}\r\n" for name, value in sent.headers.items())
    message = f"MIME-Version: 1.0\r\n{head}\r\n".encode() + sent.body
    found = openssl(
        "cms", "-verify", "-inform", "SMIME", "-in", peer.file("m", message), "-CAfile",
        peer.path("ours.pem"), "-purpose", "any",
    )  # fmt: skip
    assert found.endswith(PAYLOAD)


@pytest.mark.parametrize("cipher", ["-aes128", "-aes192", "-aes256", "-des3"])
@pytest.mark.parametrize("padding", ["", "rsa_padding_mode:oaep"])
@pytest.mark.parametrize("form", ["DER", "SMIME"])
def test_what_openssl_encrypts_we_open(peer: Peer, cipher: str, padding: str, form: str) -> None:
    words = [cipher, "-outform", form, *(["-recip", peer.path("ours.pem"), "-keyopt", padding] if padding else [])]
    out = openssl("cms", "-encrypt", "-binary", "-in", peer.file("plain", HEAD + PAYLOAD), *words,
                  *([] if padding else [peer.path("ours.pem")]))  # fmt: skip
    if form == "SMIME":
        whole = read_entity(out)
    else:
        whole = Entity((("Content-Type", "application/pkcs7-mime; smime-type=enveloped-data"),), out, b"")
    found = open_message(dict(whole.headers), whole.body, peer.keys)
    assert (found.payload, found.encrypted, found.signed) == (PAYLOAD, True, "")


def test_oaep_with_sha256_is_opened(peer: Peer) -> None:
    out = openssl(
        "cms", "-encrypt", "-binary", "-aes256", "-outform", "DER", "-in", peer.file("plain", HEAD + PAYLOAD),
        "-recip", peer.path("ours.pem"), "-keyopt", "rsa_padding_mode:oaep", "-keyopt", "rsa_oaep_md:sha256",
    )  # fmt: skip
    headers = {"Content-Type": "application/pkcs7-mime; smime-type=enveloped-data"}
    assert open_message(headers, out, peer.keys).payload == PAYLOAD


def test_streamed_indefinite_lengths_are_opened(peer: Peer) -> None:
    out = peer.encrypt(HEAD + PAYLOAD * 5000, "-stream", "-aes256", "-outform", "DER")
    headers = {"Content-Type": "application/pkcs7-mime; smime-type=enveloped-data"}
    assert open_message(headers, out, peer.keys).payload == PAYLOAD * 5000


@pytest.mark.parametrize("digest", ["sha1", "sha256", "sha384", "sha512"])
@pytest.mark.parametrize("more", [[], ["-keyopt", "rsa_padding_mode:pss"], ["-keyid"], ["-noattr"]])
def test_what_openssl_signs_we_verify(peer: Peer, digest: str, more: list[str]) -> None:
    out = peer.sign(HEAD + PAYLOAD, "-binary", "-md", digest, *more)
    whole = read_entity(out)
    assert whole.content_type == "multipart/signed"
    found = open_message(dict(whole.headers), whole.body, peer.keys)
    assert (found.payload, found.signed) == (PAYLOAD, digest)


def test_what_openssl_signs_opaque_we_verify(peer: Peer) -> None:
    whole = read_entity(peer.sign(HEAD + PAYLOAD, "-binary", "-nodetach"))
    found = open_message(dict(whole.headers), whole.body, peer.keys)
    assert (found.payload, found.signed) == (PAYLOAD, "sha256")


def test_what_openssl_signs_then_encrypts_we_open(peer: Peer) -> None:
    signed = peer.sign(HEAD + PAYLOAD, "-binary", "-crlfeol")
    whole = read_entity(peer.encrypt(signed, "-aes256", "-outform", "SMIME"))
    found = open_message(dict(whole.headers), whole.body, peer.keys)
    assert (found.payload, found.signed, found.encrypted) == (PAYLOAD, "sha256", True)


def test_triple_des_is_opened_only_where_it_is_agreed(peer: Peer) -> None:
    out = peer.encrypt(HEAD + PAYLOAD, "-des3", "-outform", "DER")
    headers = {"Content-Type": "application/pkcs7-mime; smime-type=enveloped-data"}
    with pytest.raises(As2Failure, match="Triple DES") as caught:
        open_message(headers, out, Keyring(ours=[peer.ours]))
    assert caught.value.modifier == "insufficient-message-security"


def test_what_we_compress_is_well_formed_cms(peer: Peer) -> None:
    sent = compose(PAYLOAD * 100, filename="x", recipe=Recipe(sign="", cipher="", compress="before"))
    shown = openssl("asn1parse", "-inform", "DER", "-in", peer.file("z", sent.body)).decode()
    assert "id-smime-ct-compressedData" in shown
    assert "zlib compression" in shown
