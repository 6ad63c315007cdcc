"""The certificates in force for a partner, opened for use, stored from uploads, and watched before they end."""

from __future__ import annotations

import datetime as dt

from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.db import transaction

from distportal.events.clock import database_now
from edi.choices import CertificateUse, Holder
from edi.models import Certificate, Mailbox, TradingPartner
from edi.queries.cases import has_open_case
from edi.queries.mailboxes import certificates_for
from edi.transports.as2.certificates import KeyPair, facts_of, key_pem, load_certificate
from edi.transports.as2.message import Keyring
from edi.transports.as2.transport import As2Options
from edi.transports.sealing import seal, unseal
from exceptions.choices import Resolution
from exceptions.process.cases import open_case, resolve_cases

SIGNING = (CertificateUse.SIGN.value, CertificateUse.BOTH.value)
ENCRYPTING = (CertificateUse.ENCRYPT.value, CertificateUse.BOTH.value)
WARNINGS = ((7, 3), (30, 2))
"""Days before the end -> severity of the case."""


def keyring_for(mailbox: Mailbox, options: As2Options) -> Keyring:
    """Everything that a message of the partner may be opened and judged with now; old and new overlap.

    Raises TransportError when a private key of ours cannot be unsealed.
    """
    now = database_now()
    ours = certificates_for(partner=mailbox.partner, holder=Holder.OURS, uses=ENCRYPTING, at=now)
    theirs = certificates_for(partner=mailbox.partner, holder=Holder.THEIRS, uses=SIGNING, at=now)
    return Keyring(
        ours=[_pair(row) for row in ours],
        theirs=[load_certificate(row.pem.encode()) for row in theirs],
        allow_3des=options.allow_3des,
        require_signed=options.require_signed,
        require_encrypted=options.require_encrypted,
    )


def signer_for(mailbox: Mailbox) -> KeyPair | None:
    """What we sign with today: the newest whose time has begun, our own for this partner before the one for all."""
    now = database_now()
    rows = certificates_for(partner=mailbox.partner, holder=Holder.OURS, uses=SIGNING, at=now)
    row = min(rows.filter(from_at__lte=now), key=lambda one: one.partner_id is None, default=None)
    return _pair(row) if row else None


def receiver_for(mailbox: Mailbox) -> x509.Certificate | None:
    """What we encrypt for today: the partner's newest whose time has begun."""
    now = database_now()
    rows = certificates_for(partner=mailbox.partner, holder=Holder.THEIRS, uses=ENCRYPTING, at=now)
    row = rows.filter(from_at__lte=now).first()
    return load_certificate(row.pem.encode()) if row else None


@transaction.atomic
def store_certificate(
    *,
    certificate: x509.Certificate,
    partner: TradingPartner | None,
    use: str = CertificateUse.BOTH,
    pair: KeyPair | None = None,
    from_at: dt.datetime | None = None,
    until_at: dt.datetime | None = None,
) -> Certificate:
    """The stored certificate: ours where its key pair is given, else the partner's. `from_at` None: used at once."""
    facts = facts_of(certificate)
    row, _ = Certificate.objects.update_or_create(
        holder=Holder.OURS if pair else Holder.THEIRS,
        partner=partner,
        use=use,
        fingerprint=facts.fingerprint,
        defaults={
            "pem": facts.pem,
            "subject": facts.subject,
            "valid_from": facts.valid_from,
            "valid_until": facts.valid_until,
            "from_at": from_at or database_now(),
            "until_at": until_at,
            "sealed_key": seal(key_pem(pair)) if pair else "",
        },
    )
    return row


@transaction.atomic
def watch_certificates() -> int:
    """How many certificates end within 30 days and nothing follows; each has one case, worse in its last week."""
    now, ending = database_now(), 0
    for row in Certificate.objects.select_related("partner__account").order_by("pk"):
        left = _last_moment(row) - now
        due = next(((days, severity) for days, severity in WARNINGS if left <= dt.timedelta(days=days)), None)
        if due is None or _followed(row) or left < dt.timedelta(days=-WARNINGS[1][0]):
            _settle(row, ("certificate_7", "certificate_30"), "a certificate follows it")
            continue
        ending += 1
        if due[0] == WARNINGS[0][0]:
            _settle(row, ("certificate_30",), "it is the last week now")
        _warn(row, *due)
    return ending


def _warn(row: Certificate, days: int, severity: int) -> None:
    whose = f"of {row.partner}" if row.partner else "of ours"
    if row.partner and row.holder == Holder.OURS:
        whose = f"of ours for {row.partner}"
    _tell_once(
        row,
        code=f"certificate_{days}",
        severity=severity,
        sentence=f"The certificate {whose} ({row.subject}) ends on {_last_moment(row):%Y-%m-%d} and none follows it. "
        "Messages are refused from then on",
    )


def _tell_once(row: Certificate, *, code: str, severity: int, sentence: str) -> None:
    if has_open_case(subject_type="edi_certificate", subject_id=str(row.pk), code=code):
        return
    open_case(
        kind="edi.certificate_ends",
        code=code,
        subject_type="edi_certificate",
        subject_id=str(row.pk),
        sentence=sentence,
        severity=severity,
        account=row.partner.account if row.partner else None,
        data={"fingerprint": row.fingerprint},
    )


def _followed(row: Certificate) -> bool:
    """Whether another one of the same holder serves the same uses for longer."""
    uses = {
        CertificateUse.BOTH: [CertificateUse.BOTH],
        CertificateUse.SIGN: SIGNING,
        CertificateUse.ENCRYPT: ENCRYPTING,
    }[CertificateUse(row.use)]
    later = Certificate.objects.filter(holder=row.holder, partner=row.partner, use__in=uses).exclude(pk=row.pk)
    return any(_last_moment(one) > _last_moment(row) for one in later)


def _last_moment(row: Certificate) -> dt.datetime:
    return min(row.valid_until, row.until_at or row.valid_until)


def _settle(row: Certificate, codes: tuple[str, ...], reason: str) -> None:
    for code in codes:
        resolve_cases(
            subject_type="edi_certificate", subject_id=str(row.pk), code=code, resolution=Resolution.BY_EVENT,
            reason=reason,
        )  # fmt: skip


def _pair(row: Certificate) -> KeyPair:
    key = load_pem_private_key(unseal(row.sealed_key).encode(), None)
    return KeyPair(load_certificate(row.pem.encode()), key)  # type: ignore[arg-type]  # checked when it was uploaded
