"""The closed word lists of EDI."""

from __future__ import annotations

from enum import nonmember

from django.db import models


class Direction(models.TextChoices):
    IN = "in", "Inbound"
    OUT = "out", "Outbound"


class InboundState(models.TextChoices):
    """What became of a file that was dropped."""

    STORED = "stored", "Stored, not read yet"
    READING = "reading", "Being read"
    READ = "read", "Read"
    REFUSED = "refused", "Could not be read"

    UNREAD = nonmember(("stored", "reading"))


class InterchangeState(models.TextChoices):
    READING = "reading", "Being read"
    ACCEPTED = "accepted", "Accepted"
    REJECTED = "rejected", "Rejected"
    REPEATED = "repeated", "A repeat of an earlier one"


class DocumentState(models.TextChoices):
    """Processing state; whether it was delivered and acknowledged are two other facts of a document."""

    VALID = "valid", "Valid"
    INVALID = "invalid", "Rejected by its 997"
    PLACED = "placed", "Order placed"
    FAILED = "failed", "Needs a person"
    SETTLED = "settled", "Done"
    BUILT = "built", "Built"
    TRIED = "tried", "Tried as a test"


class AckState(models.TextChoices):
    NONE = "none", "Not expected"
    EXPECTED = "expected", "Expected"
    ACCEPTED = "accepted", "Accepted"
    WITH_ERRORS = "with_errors", "Accepted with errors"
    REJECTED = "rejected", "Rejected"

    SETTLED = nonmember(("accepted", "with_errors", "rejected"))


class TransportKind(models.TextChoices):
    """How a partner's files come and go."""

    FOLDER = "folder", "Folder below EDI_ROOT"
    SFTP = "sftp", "SFTP server of the partner"
    AS2 = "as2", "AS2"
    API = "api", "HTTPS API: the partner uploads and collects"


class Delivery(models.TextChoices):
    """Where a file of ours is; whether its documents were acknowledged is another fact."""

    WAITING = "waiting", "Waiting"
    SENT = "sent", "Sent, receipt awaited"
    DELIVERED = "delivered", "Delivered"
    FAILED = "failed", "Refused by the receiver"


class As2State(models.TextChoices):
    """What became of one AS2 message."""

    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent, receipt awaited"
    DELIVERED = "delivered", "Receipt says processed"
    FAILED = "failed", "Refused"
    RECEIVED = "received", "Received and stored"


class Holder(models.TextChoices):
    """Whose certificate it is: ours come with a private key."""

    OURS = "ours", "Ours"
    THEIRS = "theirs", "The partner's"


class CertificateUse(models.TextChoices):
    BOTH = "both", "Sign and encrypt"
    SIGN = "sign", "Sign"
    ENCRYPT = "encrypt", "Encrypt"


class PartnerRole(models.TextChoices):
    """What a partner is to us: who buys has an account, the others have none."""

    BUYER = "buyer", "Buys from us"
    WAREHOUSE = "warehouse", "Runs a warehouse for us"
    CARRIER = "carrier", "Carries for us"


class UnitKind(models.TextChoices):
    CARTON = "carton", "Carton"
    PALLET = "pallet", "Pallet"


class ReceiptState(models.TextChoices):
    """How what a warehouse received compares with what was sent there."""

    AS_SENT = "as_sent", "Received as sent"
    DIFFERS = "differs", "Differs from what was sent"
    UNKNOWN = "unknown", "Of no transfer that we know"


class Ack(models.TextChoices):
    """Which acknowledgment of a group was agreed."""

    FA997 = "997", "997"
    FA999 = "999", "999"
    NONE = "none", "None"


class ErrorPolicy(models.TextChoices):
    """What one set with errors means for those that came with it."""

    REJECT_INTERCHANGE = "reject_interchange", "Reject the interchange"
    REJECT_GROUP = "reject_group", "Reject its group"
    REJECT_SET = "reject_set", "Reject the set"
    ACCEPT_WITH_ERRORS = "accept_with_errors", "Accept with errors"


class CttPolicy(models.TextChoices):
    """What a CTT01 means that counts other than the lines that came."""

    IGNORE = "ignore", "Take it without a word"
    NOTE = "note", "Take it with a note"
    REFUSE = "refuse", "Reject the set"


class CountedFrom(models.TextChoices):
    """The moment a deadline counts from."""

    RECEIVED = "received", "Receipt from the partner"
    REQUESTED_SHIP = "requested_ship", "Requested ship date"
    SHIPPED = "shipped", "Shipping"
    DELIVERY = "delivery", "Estimated delivery"


class FeeKind(models.TextChoices):
    NONE = "none", "No fee known"
    FLAT = "flat", "Flat"
    PERCENT = "percent", "Per cent of the order"
    PER_CARTON = "per_carton", "Per carton"


class DueState(models.TextChoices):
    OPEN = "open", "Due"
    MET = "met", "In time"
    MISSED = "missed", "Missed"
    VOID = "void", "Not due any more"


class Exchange(models.TextChoices):
    """What partners test before they go live."""

    CLEAN = "clean", "Clean order"
    CHANGE = "change", "Changed order"
    PARTIAL = "partial", "Partly available order"
    REJECT = "reject", "Rejected order"
    CANCEL = "cancel", "Cancelled order"
    ASN = "asn", "Ship notice"
    INVOICE = "invoice", "Invoice"


class Outcome(models.TextChoices):
    OPEN = "open", "Open"
    PASSED = "passed", "Passed"
    FAILED = "failed", "Failed"
