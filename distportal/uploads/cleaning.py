"""What becomes of a file's bytes before they are kept: pictures and PDFs made anew, anything else refused."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from distportal.common.images import MOST_BYTES as MOST_PICTURE
from distportal.common.images import UnusableImage, clean_image
from distportal.common.pdf_files import MOST_BYTES as MOST_PDF
from distportal.common.pdf_files import UnusablePdf, clean_pdf
from distportal.uploads.errors import UnusableFile
from distportal.uploads.scanning import look_for_viruses

MIB = 1024 * 1024
_ODD = re.compile(r"[^\w.\- ()]+")


@dataclass(frozen=True, slots=True)
class CleanFile:
    """Bytes that may be kept and shown, under a harmless name."""

    name: str
    media_type: str
    content: bytes = field(repr=False)

    @property
    def sha256(self) -> str:
        """Tells two files apart."""
        return hashlib.sha256(self.content).hexdigest()


def clean_file(file: UploadedFile[Any]) -> CleanFile:
    """The clean file. Its bytes say what it is, not its name. Raises UnusableFile with its name and the reason; the
    site's virus scanner, where it has one, sees it first.
    """
    name = _harmless(str(file.name or ""))
    if (file.size or 0) > max(MOST_PDF, MOST_PICTURE):
        raise UnusableFile(_too_big(name))
    content = file.read()
    is_pdf = content.startswith(b"%PDF-")
    if len(content) > (MOST_PDF if is_pdf else MOST_PICTURE):
        raise UnusableFile(_too_big(name))
    look_for_viruses(name, content)
    try:
        if is_pdf:
            return CleanFile(_named(name, "pdf"), "application/pdf", clean_pdf(content))
        picture = clean_image(content)
    except UnusablePdf as error:
        raise UnusableFile(f"{name}: {error.message}") from error
    except UnusableImage as error:
        said = _("it is no PNG, JPEG or WEBP picture and no PDF, or it is broken")
        raise UnusableFile(f"{name}: {said if 'not a PNG' in error.message else error.message}") from error
    return CleanFile(_named(name, picture.media_type.rpartition("/")[2]), picture.media_type, picture.content)


def _too_big(name: str) -> str:
    said = _("%(name)s is too big: a picture may have %(picture)d MiB, a PDF %(pdf)d MiB")
    return said % {"name": name, "picture": MOST_PICTURE // MIB, "pdf": MOST_PDF // MIB}


def _harmless(name: str) -> str:
    """The last part of a path, of letters that break no header and no page; never empty."""
    last = PurePosixPath(name.replace("\\", "/")).name
    return _ODD.sub("_", last).strip(" .")[:100] or "file"


def _named(name: str, suffix: str) -> str:
    """The name with the suffix of what it really is."""
    stem, dot, old = name.rpartition(".")
    alike = {"jpeg": ("jpg", "jpeg")}.get(suffix, (suffix,))
    return name if dot and old.lower() in alike else f"{stem if dot else name}.{suffix}"
