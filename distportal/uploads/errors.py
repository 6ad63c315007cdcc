"""What can be wrong with files that people send."""

from __future__ import annotations

from distportal.common.errors import Invalid


class UnusableFile(Invalid):
    """The file is not kept; the message names it and says why."""

    code = "unusable_file"


class FileTooBig(UnusableFile):
    """More than a file may have; nothing of it was kept."""

    code = "too_big"
    http_status = 413


class Infected(UnusableFile):
    """The site's virus scanner found something; nothing of it was kept."""

    code = "infected"


class ScannerAway(UnusableFile):
    """The site's virus scanner gives no verdict; the sender shall send it again."""

    code = "scanner_away"
    http_status = 503
    retryable = True


class TooManyFiles(UnusableFile):
    """So many files wait already for what they belong to."""

    code = "too_many_files"
    http_status = 409
