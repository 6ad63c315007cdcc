"""Whether a ZIP that somebody sent may be unpacked: looked at before, and counted while it is."""

from __future__ import annotations

import io
import zipfile

from django.utils.translation import gettext as _

from distportal.common.errors import Invalid

MOST_MEMBERS = 1_000
MOST_RATIO = 200
"""So many times as big as the file that came; sheets of nothing but zeros reach some fifty."""
_NESTED = (".zip", ".xlsx", ".xlsm", ".7z", ".gz", ".bz2", ".xz", ".rar", ".tar")
_STEP = 64 * 1024


class BadArchive(Invalid):
    """The archive is not unpacked; the reason is in its words."""

    code = "bad_archive"


def check_archive(content: bytes, *, most_bytes: int) -> None:
    """Raises BadArchive for one with too many members, others inside, members that lie over one another, or more than
    `most_bytes` unpacked: as it says of itself, and as it really is.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            members = packed.infolist()
            _look(members, size=len(content), most_bytes=most_bytes)
            left = min(most_bytes, MOST_RATIO * len(content))
            for member in members:
                left = _unpacked(packed, member, left)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise BadArchive(_("It is no archive that can be read: %(error)s.") % {"error": error}) from error


def _look(members: list[zipfile.ZipInfo], *, size: int, most_bytes: int) -> None:
    if len(members) > MOST_MEMBERS:
        raise BadArchive(_("It holds more than %(most)d files.") % {"most": MOST_MEMBERS})
    if any(member.filename.lower().endswith(_NESTED) for member in members):
        raise BadArchive(_("It holds another archive."))
    if sum(member.compress_size for member in members) > size:
        raise BadArchive(_("Its files lie over one another."))
    if sum(member.file_size for member in members) > most_bytes:
        raise BadArchive(_("It is too big unpacked."))


def _unpacked(packed: zipfile.ZipFile, member: zipfile.ZipInfo, left: int) -> int:
    """How many bytes may still come; what a member says of its size is not believed."""
    with packed.open(member) as stream:
        while part := stream.read(_STEP):
            left -= len(part)
            if left < 0:
                raise BadArchive(_("It is too big unpacked."))
    return left
