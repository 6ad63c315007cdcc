"""What a caller of the EDI processes can act on."""

from __future__ import annotations

from distportal.common.errors import Conflict, DomainError, Invalid, NotFound


class UnknownPartner(NotFound):
    """No trading partner has that code, or it has no mailbox."""

    code = "unknown_partner"


class UnknownDocument(NotFound):
    """No file, interchange or document has that id."""

    code = "unknown_document"


class NotPlaceable(Invalid):
    """The document says something that cannot become an order; `data["problems"]` lists what."""

    code = "not_placeable"


class Unusable(Invalid):
    """The document is valid and says what nothing here can follow; `data["problems"]` lists what."""

    code = "unusable_document"


class TransferChanged(Conflict):
    """A transfer of that number was announced with other content; nothing was sent."""

    code = "transfer_changed"


class Unsendable(DomainError):
    """What we were about to send breaks the rules of its own set; nothing was sent and no number was used."""

    code = "unsendable"


class BytesLost(DomainError):
    """Stored bytes are gone or changed; nothing was read from them."""

    code = "bytes_lost"
    http_status = 410


class NothingToDo(Conflict):
    """The thing is already in the state that was asked for."""

    code = "nothing_to_do"


class CannotCompose(NotFound):
    """There is no fact of that number, or the partner does not want a document about it."""

    code = "cannot_compose"


class CodeTaken(Conflict):
    """A carton or pallet bears a code that another one bears, too; nothing was sent."""

    code = "code_taken"


class UnreadableSamples(Invalid):
    """None of the uploaded files tells who sent it."""

    code = "unreadable_samples"


class BadPartner(Invalid):
    """What was said about a partner cannot be; `data["problems"]` lists what."""

    code = "bad_partner"


class PartnerExists(Conflict):
    """Another partner has that code, mailbox or pair of identities."""

    code = "partner_exists"


class ChecksOpen(Conflict):
    """Checks that must be passed before going live are not; `data["checks"]` names them."""

    code = "checks_open"
