"""CMS signatures (RFC 5652 §5): made detached, verified against pinned certificates only."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import Sequence

from asn1crypto import algos, cms, core
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import Encoding

from edi.transports.arriving import Bytes
from edi.transports.as2.certificates import KeyPair
from edi.transports.as2.errors import AUTHENTICATION, INTEGRITY, As2Failure
from edi.transports.as2.mic import digest_name

_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha1": hashes.SHA1(),  # noqa: S303 - old partners still sign with it; accepted, not the default
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


def signature_over(data: Bytes, pair: KeyPair, digest: str) -> bytes:
    """DER of a detached SignedData with content type, digest and time among its signed attributes."""
    attributes = cms.CMSAttributes(
        [
            {"type": "content_type", "values": ["data"]},
            {"type": "signing_time", "values": [cms.Time({"utc_time": core.UTCTime(dt.datetime.now(dt.UTC))})]},
            {"type": "message_digest", "values": [hashlib.new(digest, data).digest()]},
        ]
    )
    certificate = asn1_x509.Certificate.load(pair.certificate.public_bytes(Encoding.DER))
    algorithm = algos.DigestAlgorithm({"algorithm": digest})
    signer = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(name="issuer_and_serial_number", value=_serial(certificate)),
            "digest_algorithm": algorithm,
            "signed_attrs": attributes,
            "signature_algorithm": {"algorithm": _algorithm(pair, digest)},
            "signature": _raw_signature(pair, attributes.dump(), digest),
        }
    )
    signed = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [algorithm],
            "encap_content_info": {"content_type": "data"},
            "certificates": [certificate],
            "signer_infos": [signer],
        }
    )
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump())


def verify(der: bytes, data: Bytes | None, accepted: Sequence[x509.Certificate]) -> tuple[str, Bytes]:
    """The digest used and the signed data (`data` None: the signature carries it).

    Raises As2Failure: authentication-failed for a signer that is not accepted, integrity-check-failed for other data.
    """
    try:
        info = cms.ContentInfo.load(der, strict=False)
        signed = info["content"]
        signers = list(signed["signer_infos"])
        inside = signed["encap_content_info"]["content"].native if data is None else data
    except (ValueError, TypeError, KeyError) as error:
        raise As2Failure(INTEGRITY, "the signature cannot be read") from error
    if not signers or inside is None:
        raise As2Failure(AUTHENTICATION, "the message carries no signature")
    for signer in signers:
        certificate = _signer_certificate(signer["sid"], accepted)
        if certificate is not None:
            return _checked(signer, inside, certificate), inside
    raise As2Failure(AUTHENTICATION, "the message is signed with a certificate that we do not accept for this partner")


def _checked(signer: cms.SignerInfo, data: Bytes, certificate: x509.Certificate) -> str:
    digest = digest_name(signer["digest_algorithm"]["algorithm"].native)
    if not digest:
        raise As2Failure(INTEGRITY, f"the digest {signer['digest_algorithm']['algorithm'].native} is not accepted")
    covered = data
    attributes = signer["signed_attrs"]
    if attributes.native:
        said = next((a["values"][0].native for a in attributes if a["type"].native == "message_digest"), b"")
        if not hmac.compare_digest(said, hashlib.new(digest, data).digest()):
            raise As2Failure(INTEGRITY, "the content is not what was signed")
        covered = b"\x31" + attributes.dump()[1:]  # signed as a SET, sent under an implicit tag (RFC 5652 §5.4)
    try:
        _verify_raw(signer, covered, certificate, _HASHES[digest])
    except (InvalidSignature, ValueError) as error:
        raise As2Failure(INTEGRITY, "the signature does not fit the content and the partner's certificate") from error
    return digest


def _verify_raw(
    signer: cms.SignerInfo, covered: Bytes, certificate: x509.Certificate, digest: hashes.HashAlgorithm
) -> None:
    key, signature = certificate.public_key(), signer["signature"].native
    made = hashes.Hash(digest)
    made.update(covered)
    hashed, known = made.finalize(), Prehashed(digest)
    if isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, hashed, ec.ECDSA(known))
    elif isinstance(key, rsa.RSAPublicKey):
        pss = signer["signature_algorithm"].signature_algo == "rsassa_pss"
        how = padding.PSS(padding.MGF1(digest), padding.PSS.AUTO) if pss else padding.PKCS1v15()
        key.verify(signature, hashed, how, known)
    else:
        raise InvalidSignature


def _signer_certificate(sid: cms.SignerIdentifier, accepted: Sequence[x509.Certificate]) -> x509.Certificate | None:
    for certificate in accepted:
        parsed = asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
        if sid.name == "issuer_and_serial_number":
            if sid.chosen["serial_number"].native == parsed.serial_number and sid.chosen["issuer"] == parsed.issuer:
                return certificate
        elif sid.chosen.native == parsed.key_identifier:
            return certificate
    return None


def _serial(certificate: asn1_x509.Certificate) -> cms.IssuerAndSerialNumber:
    return cms.IssuerAndSerialNumber({"issuer": certificate.issuer, "serial_number": certificate.serial_number})


def _algorithm(pair: KeyPair, digest: str) -> str:
    return "rsassa_pkcs1v15" if isinstance(pair.key, rsa.RSAPrivateKey) else f"{digest}_ecdsa"


def _raw_signature(pair: KeyPair, covered: bytes, digest: str) -> bytes:
    if isinstance(pair.key, rsa.RSAPrivateKey):
        return pair.key.sign(covered, padding.PKCS1v15(), _HASHES[digest])
    return pair.key.sign(covered, ec.ECDSA(_HASHES[digest]))
