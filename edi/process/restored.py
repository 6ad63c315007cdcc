"""Control numbers after a restore: partners have seen higher ones than this database knows."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from edi.models import ControlNumber


@transaction.atomic
def leave_out_control_numbers(numbers: int) -> str:
    """Every counter of every partner goes on so much later: a number that a partner knows with other content would be
    refused as a duplicate (TA1 025).
    """
    rows = ControlNumber.objects.update(last=F("last") + numbers)
    return f"{rows} control numbers of partners go on {numbers:,} later"
