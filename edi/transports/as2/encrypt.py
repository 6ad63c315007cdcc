"""CMS encryption (RFC 5652 §6): AES-CBC out; AES and, where agreed, Triple DES in."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import Encoding

from edi.transports.arriving import Bytes
from edi.transports.as2.ber import CONTEXT_0, SEQUENCE, SET, child, element_at, octets, raw
from edi.transports.as2.certificates import KeyPair
from edi.transports.as2.errors import DECRYPTION, SECURITY, As2Failure

KEY_BYTES = {"aes128_cbc": 16, "aes192_cbc": 24, "aes256_cbc": 32}
"""What we send with -> length of its key."""
_PRIMITIVE_0 = 0x80


def enveloped(data: Bytes, certificate: x509.Certificate, cipher: str) -> bytes:
    """DER of EnvelopedData for one receiver, its key wrapped by RSA. Raises ValueError for a key of another kind."""
    receiver = certificate.public_key()
    if not isinstance(receiver, rsa.RSAPublicKey):
        raise ValueError("the partner's certificate for encryption must have an RSA key")
    key, vector = os.urandom(KEY_BYTES[cipher]), os.urandom(16)
    pad, encryptor = PKCS7(128).padder(), Cipher(AES(key), CBC(vector)).encryptor()
    content = encryptor.update(pad.update(data) + pad.finalize()) + encryptor.finalize()
    parsed = asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
    serial = cms.IssuerAndSerialNumber({"issuer": parsed.issuer, "serial_number": parsed.serial_number})
    recipient = cms.KeyTransRecipientInfo(
        {
            "version": "v0",
            "rid": cms.RecipientIdentifier(name="issuer_and_serial_number", value=serial),
            "key_encryption_algorithm": {"algorithm": "rsaes_pkcs1v15"},
            "encrypted_key": receiver.encrypt(key, padding.PKCS1v15()),
        }
    )
    envelope = cms.EnvelopedData(
        {
            "version": "v0",
            "recipient_infos": [cms.RecipientInfo(name="ktri", value=recipient)],
            "encrypted_content_info": {
                "content_type": "data",
                "content_encryption_algorithm": {"algorithm": cipher, "parameters": vector},
                "encrypted_content": content,
            },
        }
    )
    return bytes(cms.ContentInfo({"content_type": "enveloped_data", "content": envelope}).dump())


def opened(der: Bytes, pairs: Sequence[KeyPair], *, allow_3des: bool = False) -> Iterator[bytes]:
    """The data inside piece by piece. Raises As2Failure: decryption-failed without a key of ours,
    insufficient-message-security for a cipher that is not agreed.
    """
    view = memoryview(der)
    try:
        envelope = child(view, child(view, element_at(view, 0), CONTEXT_0), SEQUENCE)
        recipients = list(cms.RecipientInfos.load(raw(view, child(view, envelope, SET)), strict=False))
        inside = child(view, envelope, SEQUENCE)
        algorithm = cms.EncryptionAlgorithm.load(raw(view, child(view, inside, SEQUENCE)), strict=False)
        content = child(view, inside, CONTEXT_0, _PRIMITIVE_0)
        name, vector = algorithm["algorithm"].native, algorithm.encryption_iv
    except (ValueError, TypeError, KeyError) as error:
        raise As2Failure(DECRYPTION, "the encrypted content cannot be read") from error
    if name == "tripledes_3key" and not allow_3des:
        raise As2Failure(SECURITY, "the message is encrypted with Triple DES, which is not agreed; use AES-256")
    if name not in {*KEY_BYTES, "tripledes_3key"}:
        raise As2Failure(SECURITY, f"the message is encrypted with {name}, which is not accepted; use AES-256")
    for recipient in recipients:
        for pair in pairs:
            if recipient.name == "ktri" and _is_for(recipient.chosen["rid"], pair):
                return _deciphered(name, _unwrapped(recipient.chosen, pair), vector, octets(view, content))
    raise As2Failure(DECRYPTION, "the message is encrypted for a certificate that is not ours any more or never was")


def _is_for(rid: cms.RecipientIdentifier, pair: KeyPair) -> bool:
    parsed = asn1_x509.Certificate.load(pair.certificate.public_bytes(Encoding.DER))
    if rid.name == "issuer_and_serial_number":
        return bool(
            rid.chosen["serial_number"].native == parsed.serial_number and rid.chosen["issuer"] == parsed.issuer
        )
    return bool(rid.chosen.native == parsed.key_identifier)


def _unwrapped(recipient: cms.KeyTransRecipientInfo, pair: KeyPair) -> bytes:
    if not isinstance(pair.key, rsa.RSAPrivateKey):
        raise As2Failure(DECRYPTION, "our certificate has no RSA key")
    algorithm, wrapped = recipient["key_encryption_algorithm"], recipient["encrypted_key"].native
    try:
        if algorithm["algorithm"].native != "rsaes_oaep":
            return pair.key.decrypt(wrapped, padding.PKCS1v15())
        digest = _HASHES[algorithm["parameters"]["hash_algorithm"]["algorithm"].native]
        mask = _HASHES[algorithm["parameters"]["mask_gen_algorithm"]["parameters"]["algorithm"].native]
        return pair.key.decrypt(wrapped, padding.OAEP(padding.MGF1(mask), digest, None))
    except (ValueError, KeyError) as error:
        raise As2Failure(DECRYPTION, "the key inside the message cannot be opened with our private key") from error


_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha1": hashes.SHA1(),  # noqa: S303 - OAEP's default, no signature depends on it
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


def _deciphered(name: str, key: bytes, vector: bytes, content: Iterable[Bytes]) -> Iterator[bytes]:
    try:
        cipher = Cipher(TripleDES(key) if name == "tripledes_3key" else AES(key), CBC(vector))
        worker, pad = cipher.decryptor(), PKCS7(len(vector) * 8).unpadder()
        for piece in content:
            yield pad.update(worker.update(piece))
        yield pad.update(worker.finalize()) + pad.finalize()
    except ValueError as error:
        raise As2Failure(DECRYPTION, "the content cannot be decrypted with the key that came with it") from error
