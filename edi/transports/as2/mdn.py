"""Receipts (MDN, RFC 3798 and RFC 4130 §7): written for what came, read for what we sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.utils import formatdate

from cryptography import x509

from edi.transports.as2.certificates import KeyPair
from edi.transports.as2.errors import UNEXPECTED, As2Failure
from edi.transports.as2.message import signed_entity, verified_part
from edi.transports.as2.mic import DIGESTS, digest_name, first_known
from edi.transports.as2.mime import Entity, entity, multipart, parts_of, read_entity

_MODE = "automatic-action/MDN-sent-automatically"
PROCESSED = "processed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the sender asked of our receipt. `digest` is "" where it named none that we know."""

    wanted: bool
    signed: bool
    digest: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What we tell about a message; `modifier` "" is success."""

    message_id: str
    as2_from: str
    as2_to: str
    mic: str = ""
    mic_algorithm: str = ""
    modifier: str = ""
    text: str = ""

    @property
    def disposition(self) -> str:
        """The word of the receipt."""
        return f"processed/error: {self.modifier}" if self.modifier else PROCESSED


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a partner tells about a message of ours."""

    message_id: str
    disposition: str
    mic: str
    mic_algorithm: str
    signed: bool
    text: str

    @property
    def accepted(self) -> bool:
        """Whether the message was processed; a warning is an acceptance (RFC 4130 §7.5.4)."""
        word, _, modifier = self.disposition.partition("/")
        return word.strip() == PROCESSED and not modifier.strip().startswith(("error", "failure"))


def wish_of(headers: Mapping[str, str]) -> Wish:
    """Read from the headers of a message, their names in lower case."""
    options = headers.get("disposition-notification-options", "")
    words = {name.strip().lower(): value for name, _, value in (part.partition("=") for part in options.split(";"))}
    return Wish(
        wanted="disposition-notification-to" in headers,
        signed="pkcs7-signature" in words.get("signed-receipt-protocol", "").lower(),
        digest=first_known(words.get("signed-receipt-micalg", "")),
        url=headers.get("receipt-delivery-option", "").strip(),
    )


def write_receipt(verdict: Verdict, *, own_message_id: str, signer: KeyPair | None, digest: str) -> Entity:
    """The receipt with its HTTP headers, signed where `signer` is given."""
    text = verdict.text or "The message was received and stored."
    rows = {
        "Reporting-UA": "distportal",
        "Original-Recipient": f"rfc822; {verdict.as2_to}",
        "Final-Recipient": f"rfc822; {verdict.as2_to}",
        "Original-Message-ID": verdict.message_id,
        "Disposition": f"{_MODE}; {verdict.disposition}",
    }
    if verdict.mic:
        rows["Received-Content-MIC"] = f"{verdict.mic}, {DIGESTS[verdict.mic_algorithm]}"
    facts = "".join(f"{name}: {value}\r\n" for name, value in rows.items()).encode("utf-8")
    human = entity(
        {"Content-Type": "text/plain; charset=utf-8", "Content-Transfer-Encoding": "8bit"}, text.encode() + b"\r\n"
    )
    machine = entity({"Content-Type": "message/disposition-notification"}, facts)
    report = multipart("report", [human.raw, machine.raw], {"report-type": "disposition-notification"})
    whole = signed_entity(report, signer, digest) if signer else report
    outer = {
        **dict(whole.headers),
        "AS2-Version": "1.2",
        "AS2-From": quoted(verdict.as2_to),
        "AS2-To": quoted(verdict.as2_from),
        "Message-ID": own_message_id,
        "MIME-Version": "1.0",
        "Date": formatdate(usegmt=True),
    }
    return Entity(tuple(outer.items()), whole.body, b"")


def read_receipt(headers: Mapping[str, str], body: bytes, accepted: Sequence[x509.Certificate]) -> Receipt:
    """What the receipt says. Raises As2Failure for one that is no receipt or whose signature does not hold."""
    whole = Entity(tuple(headers.items()), body, b"")
    signed = whole.content_type == "multipart/signed"
    if signed:
        whole, _, _ = verified_part(whole, accepted)
    if whole.content_type != "multipart/report":
        raise As2Failure(UNEXPECTED, f"the answer is {whole.content_type} and no receipt")
    parts = [read_entity(raw) for raw in parts_of(whole)]
    machine = next((p for p in parts if p.content_type == "message/disposition-notification"), None)
    if machine is None:
        raise As2Failure(UNEXPECTED, "the receipt lacks its machine-readable part")
    facts = read_entity(machine.content.strip() + b"\r\n\r\n")
    mic, _, algorithm = facts.header("Received-Content-MIC").partition(",")
    human = next((p.content.decode("utf-8", "replace").strip() for p in parts if p.content_type == "text/plain"), "")
    return Receipt(
        message_id=facts.header("Original-Message-ID"),
        disposition=facts.header("Disposition").partition(";")[2].strip().lower(),
        mic=mic.strip(),
        mic_algorithm=digest_name(algorithm),
        signed=signed,
        text=human[:400],
    )


def is_receipt(headers: Mapping[str, str], body: bytes) -> bool:
    """Whether a message at our address is a receipt: a report, bare or inside a signature."""
    whole = Entity(tuple(headers.items()), b"", b"")
    if whole.content_type == "multipart/signed":
        return b"disposition-notification" in body[:4096].lower() and b"multipart/report" in body[:4096].lower()
    return whole.content_type == "multipart/report"


def quoted(name: str) -> str:
    """An AS2 name as its header has it: in quotes where it holds a space (RFC 4130 §6.2)."""
    return f'"{name}"' if any(c in name for c in ' "\\') else name


def unquoted(value: str) -> str:
    """An AS2 name without the quotes of its header."""
    text = value.strip()
    return text[1:-1].replace('\\"', '"') if len(text) > 1 and text[0] == text[-1] == '"' else text
