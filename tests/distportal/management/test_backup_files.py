"""Files of a backup lie where they lay, with their times; an archive that was changed writes nothing elsewhere."""

from __future__ import annotations

import io
import os
import tarfile
from pathlib import Path
from typing import Any

import pytest

from distportal.management.backup.errors import Refused
from distportal.management.backup.files import pack_files, unpack_files


@pytest.fixture
def site(tmp_path: Path, settings: Any) -> Path:
    """The folders of a site of its own, all below one."""
    settings.EDI_ROOT, settings.EDI_SPOOL, settings.MEDIA_ROOT = (tmp_path / name for name in ("edi", "spool", "media"))
    return tmp_path


def test_files_folders_and_their_times_are_there_again(site: Path, settings: Any, tmp_path: Path) -> None:
    inbox = settings.EDI_ROOT / "acme" / "inbox"
    inbox.mkdir(parents=True)
    (inbox / "a.edi").write_bytes(b"ISA*00*\x00\xff~")
    (inbox / "a.edi").chmod(0o666)
    os.utime(inbox / "a.edi", (1_700_000_000, 1_700_000_000))
    (settings.EDI_ROOT / "acme" / "outbox").mkdir()
    assert pack_files(tmp_path / "files.tar") == 1
    settings.EDI_ROOT = tmp_path / "new"
    assert unpack_files(tmp_path / "files.tar") == 1
    again = tmp_path / "new" / "acme" / "inbox" / "a.edi"
    assert (again.read_bytes(), again.stat().st_mtime) == (b"ISA*00*\x00\xff~", 1_700_000_000)
    assert again.stat().st_mode & 0o777 == 0o644, "nobody else may write it"
    assert (tmp_path / "new" / "acme" / "outbox").is_dir()


def member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.linkname, made.size = kind, link, 4 if kind == tarfile.REGTYPE else 0
    return made


@pytest.mark.parametrize(
    "changed",
    [
        member("edi/../../stolen"),
        member("edi//etc/stolen"),
        member("other/a.edi"),
        member("a.edi"),
        member("edi/way", tarfile.SYMTYPE, "/"),
        member("edi/way", tarfile.LNKTYPE, "../../stolen"),
        member("edi/pipe", tarfile.FIFOTYPE),
    ],
    ids=lambda made: f"{made.name} {made.type.decode()}",
)
def test_what_no_backup_has_is_refused_and_lies_nowhere(site: Path, tmp_path: Path, changed: tarfile.TarInfo) -> None:
    with tarfile.open(tmp_path / "files.tar", "w") as tar:
        for made in (member("edi/good"), changed, member("edi/after")):
            tar.addfile(made, io.BytesIO(b"text"))
    with pytest.raises(Refused, match="it was changed"):
        unpack_files(tmp_path / "files.tar")
    left = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if not path.is_dir())
    assert left == ["edi/good", "files.tar"]
