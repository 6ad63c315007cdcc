"""The files that rows name: folders of mailboxes, what is too big for a row, uploads."""

from __future__ import annotations

import os
import shutil
import tarfile
from pathlib import Path

from django.conf import settings

from distportal.management.backup.errors import Refused


def folders() -> dict[str, Path]:
    """Where they are on this site, by the name that they have in a backup."""
    return {"edi": settings.EDI_ROOT, "spool": settings.EDI_SPOOL, "media": settings.MEDIA_ROOT}


def pack_files(archive: Path) -> int:
    """How many files are in the archive. A file that is taken while we look is left out: it was used, or is a part."""
    count = 0
    with tarfile.open(archive, "w") as tar:
        for name, folder in folders().items():
            for path in sorted(folder.rglob("*")) if folder.exists() else ():
                if not path.is_symlink() and (path.is_file() or path.is_dir()):
                    count += _add(tar, path, f"{name}/{path.relative_to(folder)}")
    return count


def _add(tar: tarfile.TarFile, path: Path, name: str) -> int:
    try:
        tar.add(path, arcname=name, recursive=False)
    except FileNotFoundError:
        return 0
    return int(path.is_file())


def refuse_used_folders() -> None:
    """Raises Refused where a folder holds files: they would be mixed with others."""
    for folder in folders().values():
        if folder.exists() and any(path.is_file() for path in folder.rglob("*")):
            raise Refused(f"{folder} holds files; nothing was restored. Move them away or set another folder.")


def unpack_files(archive: Path) -> int:
    """How many files lie in this site's folders again, with their times. Raises Refused for a member that `pack_files`
    never made: a link, a device, or what would lie elsewhere.

    Not by `TarFile.extract`: Debian 12's Python (3.11.2) does not know its filters yet.
    """
    count = 0
    with tarfile.open(archive) as tar:
        for member in tar:
            path, content = _place_of(member), tar.extractfile(member)
            if content is None:
                path.mkdir(parents=True, exist_ok=True)
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            with content, path.open("wb") as file:
                shutil.copyfileobj(content, file)
            path.chmod(member.mode & 0o755 | 0o600)
            os.utime(path, (member.mtime, member.mtime))
            count += 1
    return count


def _place_of(member: tarfile.TarInfo) -> Path:
    name, _, rest = member.name.partition("/")
    folder = folders().get(name)
    if folder is None or not (member.isreg() or member.isdir()) or Path(rest).is_absolute() or ".." in Path(rest).parts:
        raise Refused(
            f"the archive of files has {member.name!r}, which no backup has: it was changed. The database was restored "
            "and of the files those before it; use neither, and take another backup."
        )
    return folder / rest
