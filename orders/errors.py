"""What a caller of the order processes can act on."""

from __future__ import annotations

from distportal.common.errors import Conflict, Invalid, NotFound


class UnknownAccount(NotFound):
    """No open account carries the code."""

    code = "unknown_account"


class StaleVersion(Conflict):
    """Somebody else corrected the order in between; nothing was changed."""

    code = "stale_version"


class SwitchRefused(Conflict):
    """The move to another ERP cannot be planned or taken back as it is; the message has every reason."""

    code = "switch_refused"


class NothingToCorrect(Invalid):
    """The correction is empty, or the order is past correcting."""

    code = "nothing_to_correct"


class DisputeRefused(Invalid):
    """The claim cannot be taken as it is; `data` says what would be."""

    code = "dispute_refused"


class LetterRefused(Invalid):
    """The words of a letter cannot be kept as they are; the message says why."""

    code = "letter_refused"


class ReturnRefused(Invalid):
    """The return cannot be taken or decided as it is; `data` says what could be."""

    code = "return_refused"


class NotMatched(Invalid):
    """What was told is about invoices that this account does not have; nothing was recorded."""

    code = "not_matched"


class ExportRefused(Invalid):
    """There is nothing to make a file of, or too much; nothing was made."""

    code = "export_refused"


class PoConflict(Conflict):
    """The PO number is on a live order with other content; a case is open."""

    code = "po_conflict"


class ChangeConflict(Conflict):
    """The buyer numbered two different changes of an order alike; a case is open."""

    code = "change_conflict"


class NothingToDecide(Conflict):
    """The change was settled before, or is already on its way to the ERP."""

    code = "nothing_to_decide"


class ChangeNotPossible(Conflict):
    """The order cannot be changed like that any more; the message says why. Nothing was asked of anybody."""

    code = "change_not_possible"


class NotYoursToAnswer(Invalid):
    """The order does not ask its dealer for that; nothing was changed."""

    code = "not_yours_to_answer"
