"""What a caller of the case processes can act on."""

from __future__ import annotations

from distportal.common.errors import Conflict, Invalid


class CaseChanged(Conflict):
    """Somebody else worked on the case in between; nothing was done."""

    code = "case_changed"


class ReasonMissing(Invalid):
    """The step needs a reason; nothing was done."""

    code = "reason_missing"
