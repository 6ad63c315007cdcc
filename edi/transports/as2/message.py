"""Compose what we send and open what comes: payload, security layers and the MIC over the right bytes."""

from __future__ import annotations

from base64 import encodebytes
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cryptography import x509

from edi.transports.arriving import Bytes, Scratch
from edi.transports.as2.certificates import KeyPair
from edi.transports.as2.compress import compressed, decompressed
from edi.transports.as2.encrypt import enveloped, opened
from edi.transports.as2.errors import INTEGRITY, SECURITY, UNEXPECTED, As2Failure
from edi.transports.as2.mic import DIGESTS, mic_of
from edi.transports.as2.mime import CRLF, Entity, canonical, entity, multipart, parts_of, read_entity
from edi.transports.as2.sign import signature_over, verify

_PKCS7 = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_SMIME = 'application/pkcs7-mime; smime-type={}; name="smime.p7{}"'
_MOST_LAYERS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How a message is made. Empty `sign` or `cipher` leaves that layer out; `compress`: "", "before" or "after"
    signing.
    """

    sign: str = "sha256"
    cipher: str = "aes256_cbc"
    compress: str = ""
    content_type: str = "application/edi-x12"


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """What goes over HTTP, with the MIC that an honest receipt names."""

    headers: Mapping[str, str]
    body: bytes
    mic: str
    mic_algorithm: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyring:
    """What a message may be opened and judged with: all certificates that are accepted today, old and new."""

    ours: Sequence[KeyPair] = ()
    theirs: Sequence[x509.Certificate] = ()
    allow_3des: bool = False
    require_signed: bool = False
    require_encrypted: bool = False
    most_bytes: int = 64 * 1024 * 1024


@dataclass(slots=True)
class Opened:
    """A message without its layers. `signed` is the digest of the signature; `judged` are the bytes of the MIC."""

    payload: Bytes
    filename: str
    judged: Bytes
    signed: str = ""
    encrypted: bool = False
    compressed: bool = False
    layers: list[str] = field(default_factory=list)

    def mic(self, digest: str) -> str:
        """The MIC by RFC 4130 §7.3.1."""
        return mic_of(self.judged, digest)


def compose(
    payload: bytes,
    *,
    filename: str,
    recipe: Recipe,
    signer: KeyPair | None = None,
    receiver: x509.Certificate | None = None,
) -> Composed:
    """The message: the payload's bytes are never changed. Raises ValueError where a key for a layer is missing."""
    inner = entity(
        {
            "Content-Type": recipe.content_type,
            "Content-Disposition": f'attachment; filename="{filename}"',
            "Content-Transfer-Encoding": "binary",
        },
        payload,
    )
    plain = not recipe.cipher and not recipe.compress
    judged = payload if plain else inner.raw
    whole = _packed(inner) if recipe.compress == "before" or (recipe.compress and not recipe.sign) else inner
    if recipe.sign:
        if signer is None:
            raise ValueError("no certificate of ours to sign with")
        judged = whole.raw
        whole = signed_entity(whole, signer, recipe.sign)
        whole = _packed(whole) if recipe.compress == "after" else whole
    if recipe.cipher:
        if receiver is None:
            raise ValueError("no certificate of the partner to encrypt for")
        whole = _smime("enveloped-data", "m", enveloped(whole.raw, receiver, recipe.cipher))
    digest = recipe.sign or "sha256"
    return Composed(
        headers=dict(whole.headers), body=bytes(whole.body), mic=mic_of(judged, digest), mic_algorithm=digest
    )


def open_message(headers: Mapping[str, str], body: Bytes, keys: Keyring, *, scratch: Scratch | None = None) -> Opened:
    """The payload; where it is big, it and what is under way stand in files of `scratch` and are views of them.

    Raises As2Failure with the word for the receipt.
    """
    desk = scratch or Scratch()
    whole = Entity(tuple(headers.items()), body, b"")
    found = Opened(payload=b"", filename="", judged=b"")
    for _ in range(_MOST_LAYERS):
        inner = _without_layer(whole, keys, found, desk)
        if inner is None:
            break
        whole = inner
    else:
        raise As2Failure(UNEXPECTED, f"the message has more than {_MOST_LAYERS} layers")
    _require(found, keys)
    found.payload, found.filename = _plain(whole, desk), whole.filename
    if not found.signed:
        found.judged = whole.raw if found.encrypted or found.compressed else body
    return found


def verified_part(whole: Entity, accepted: Sequence[x509.Certificate]) -> tuple[Entity, str, Bytes]:
    """The signed part of a multipart/signed, the digest, and the bytes that were signed. Raises As2Failure."""
    parts = parts_of(whole)
    if len(parts) != 2:
        raise As2Failure(INTEGRITY, f"a signed message has {len(parts)} parts instead of two")
    signature, first = read_entity(parts[1]).content, None
    for data in _as_signed(parts[0]):
        try:
            digest, _ = verify(signature, data, accepted)
        except As2Failure as failure:
            if failure.modifier != INTEGRITY:
                raise
            first = first or failure
        else:
            return read_entity(data if len(data) < len(parts[0]) else parts[0]), digest, data
    raise first or As2Failure(INTEGRITY, "the signed part is empty")


def _as_signed(part: Bytes) -> Iterator[Bytes]:
    """What the signer may have had before it when it made this part: the part itself; its canonical form (RFC 5751
    §3.1.1), where it is sent in another; the part without a last line break, which some add after they signed.
    """
    yield part
    if canonical(part) != part:
        yield canonical(part)
    if part[-len(CRLF) :] == CRLF:
        yield part[: -len(CRLF)]


def _without_layer(whole: Entity, keys: Keyring, found: Opened, desk: Scratch) -> Entity | None:
    kind = whole.content_type
    if kind == "multipart/signed":
        inner, digest, data = verified_part(whole, keys.theirs)
        _note_signed(found, digest, data)
        return inner
    if kind not in _PKCS7:
        return None
    sort = whole.parameter("smime-type").lower()
    if sort == "compressed-data":
        found.compressed = True
        found.layers.append("compressed")
        return read_entity(desk.put(decompressed(_plain(whole, desk), most=keys.most_bytes)))
    if sort == "signed-data":
        digest, data = verify(whole.content, None, keys.theirs)
        _note_signed(found, digest, data)
        return read_entity(data)
    if found.signed:
        raise As2Failure(UNEXPECTED, "the message is encrypted inside its signature; sign first, then encrypt")
    found.encrypted = True
    found.layers.append("encrypted")
    return read_entity(desk.put(opened(_plain(whole, desk), keys.ours, allow_3des=keys.allow_3des)))


def _plain(whole: Entity, desk: Scratch) -> Bytes:
    """The body without its transfer encoding."""
    return desk.put(whole.decoded()) if whole.encoded else whole.body


def _note_signed(found: Opened, digest: str, data: Bytes) -> None:
    if found.signed:
        raise As2Failure(UNEXPECTED, "the message is signed twice")
    found.signed, found.judged = digest, data
    found.layers.append("signed")


def _require(found: Opened, keys: Keyring) -> None:
    missing = ["signed"] if keys.require_signed and not found.signed else []
    missing += ["encrypted"] if keys.require_encrypted and not found.encrypted else []
    if missing:
        raise As2Failure(SECURITY, f"the message must be {' and '.join(missing)}")


def _packed(whole: Entity) -> Entity:
    return _smime("compressed-data", "z", compressed(whole.raw))


def signed_entity(whole: Entity, pair: KeyPair, digest: str) -> Entity:
    """The entity as the first part of a multipart/signed."""
    signature = entity(
        {
            "Content-Type": 'application/pkcs7-signature; name="smime.p7s"',
            "Content-Disposition": 'attachment; filename="smime.p7s"',
            "Content-Transfer-Encoding": "base64",
        },
        encodebytes(signature_over(whole.raw, pair, digest)).replace(b"\n", b"\r\n"),
    )
    parameters = {"protocol": "application/pkcs7-signature", "micalg": DIGESTS[digest]}
    return multipart("signed", [whole.raw, signature.raw], parameters)


def _smime(sort: str, letter: str, der: bytes) -> Entity:
    return entity(
        {
            "Content-Type": _SMIME.format(sort, letter),
            "Content-Disposition": f'attachment; filename="smime.p7{letter}"',
            "Content-Transfer-Encoding": "binary",
        },
        der,
    )
