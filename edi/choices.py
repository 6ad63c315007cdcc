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
    READ = "read", "Read"
    REFUSED = "refused", "Could not be read"


class InterchangeState(models.TextChoices):
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


class AckState(models.TextChoices):
    NONE = "none", "Not expected"
    EXPECTED = "expected", "Expected"
    ACCEPTED = "accepted", "Accepted"
    WITH_ERRORS = "with_errors", "Accepted with errors"
    REJECTED = "rejected", "Rejected"

    SETTLED = nonmember(("accepted", "with_errors", "rejected"))


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
