"""What can be wrong with a message."""

from __future__ import annotations

from distportal.common.errors import Conflict, Invalid


class NothingWritten(Invalid):
    """Neither words nor a file, or too many words."""

    code = "nothing_written"


class AnotherMessage(Conflict):
    """The form was used already, for something else."""

    code = "another_message"
