"""What may be asked of personal data, and how far it is."""

from __future__ import annotations

from enum import nonmember

from django.db import models


class RequestKind(models.TextChoices):
    EXPORT = "export", "Export"
    ERASURE = "erasure", "Erasure"


class RequestState(models.TextChoices):
    ASKED = "asked", "Waits for a second person"
    AGREED = "agreed", "Being done"
    OWNER = "owner", "Waits for the database's owner"
    DONE = "done", "Done"
    REFUSED = "refused", "Could not be done"
    WITHDRAWN = "withdrawn", "Withdrawn"

    OPEN = nonmember(("asked", "agreed", "owner"))
