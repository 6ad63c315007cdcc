"""What a caller of the case processes can act on."""

from __future__ import annotations

from distportal.common.errors import Conflict, Invalid


class CaseChanged(Conflict):
    """Somebody else worked on the case in between; nothing was done."""

    code = "case_changed"


class ReasonMissing(Invalid):
    """The step needs a reason; nothing was done."""

    code = "reason_missing"


class NotPossible(Invalid):
    """This act cannot be done to this thing, and why; nothing was done."""

    code = "not_possible"


class TimeMissing(Invalid):
    """A case that is put aside needs a time at which it comes back; nothing was done."""

    code = "time_missing"


class NoSuchPlace(Invalid):
    """There is no such queue, person or state to bring the case to; nothing was done."""

    code = "no_such_place"


class RunbookRefused(Invalid):
    """The runbook's text cannot be kept; the one before stands."""

    code = "runbook_refused"


class RuleRefused(Invalid):
    """A routing rule says nothing that can be followed; nothing was saved."""

    code = "rule_refused"


class NothingChosen(Invalid):
    """What was chosen is nothing, too much, or not of one kind; nothing was done."""

    code = "nothing_chosen"


class NotEditable(Invalid):
    """A field that may not be corrected in a case of this kind, or a case of which nothing may; nothing was saved."""

    code = "not_editable"


class NotYourCheck(Invalid):
    """Whoever wanted an edit, or belongs to another group, cannot agree to it; nothing was done."""

    code = "not_your_check"
