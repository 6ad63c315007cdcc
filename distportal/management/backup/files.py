"""The files that rows name: folders of mailboxes, what is too big for a row, uploads."""

from __future__ import annotations

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
    """How many files lie in this site's folders again. Members that would lie elsewhere are refused by tarfile."""
    count = 0
    with tarfile.open(archive) as tar:
        for member in tar:
            name, _, rest = member.name.partition("/")
            tar.extract(member.replace(name=rest, deep=False), folders()[name], filter="data")
            count += member.isfile()
    return count
