"""What can be wrong with files that people send."""

from __future__ import annotations

from distportal.common.errors import Invalid


class UnusableFile(Invalid):
    """The file is not kept; the message names it and says why."""

    code = "unusable_file"
