"""Pictures that others send: judged by their content, and kept only as clean pixels."""

from __future__ import annotations

import hashlib
import io
import struct
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from distportal.common.errors import Invalid

MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 25_000_000
LONGEST_SIDE = 2000
_FORMATS = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
# what the decoders raise for bytes that are no picture, or only the beginning of one
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, IndexError, struct.error)


class UnusableImage(Invalid):
    """The bytes are no picture that is kept; the message says why."""

    code = "unusable_image"


@dataclass(frozen=True, slots=True)
class CleanImage:
    """A picture made anew from its pixels: nothing else of the file is in it. `sha256` is that of `content`."""

    media_type: str
    width: int
    height: int
    sha256: str
    content: bytes = field(repr=False)


def clean_image(content: bytes) -> CleanImage:
    """The picture without its metadata, upright, at most 2000 pixels long. Raises UnusableImage for anything that is
    not one PNG, JPEG or WEBP picture of at most 5 MiB and 25 million pixels; the name of the file does not matter.
    """
    if not content or len(content) > MOST_BYTES:
        raise UnusableImage(
            _("the picture has %(bytes)s bytes; it may have 1 to %(most)s")
            % {"bytes": len(content), "most": MOST_BYTES}
        )
    try:
        with Image.open(io.BytesIO(content), formats=list(_FORMATS)) as opened:
            return _made_anew(opened)
    except Image.DecompressionBombError as error:
        raise UnusableImage(
            _("the picture is far too large; it may have %(most)s pixels") % {"most": MOST_PIXELS}
        ) from error
    except _BROKEN as error:
        raise UnusableImage(_("the file is not a PNG, JPEG or WEBP picture, or it is broken")) from error


def _made_anew(opened: Image.Image) -> CleanImage:
    kind, (width, height) = str(opened.format), opened.size
    # The size is known from the head of the file: a bomb is refused before a pixel of it is unpacked.
    if width * height > MOST_PIXELS or min(width, height) < 8:
        raise UnusableImage(
            _("the picture is %(width)s x %(height)s; it may have 8 x 8 up to %(most)s pixels")
            % {"width": width, "height": height, "most": MOST_PIXELS}
        )
    if getattr(opened, "n_frames", 1) > 1:
        raise UnusableImage(_("the picture moves; send one that stands still"))
    picture = ImageOps.exif_transpose(opened)
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    mode = "L" if picture.mode in ("1", "L") else "RGB"
    pixels = Image.new(mode, picture.size, "white")
    clear = picture.convert("RGBA") if picture.mode in ("RGBA", "LA", "P", "PA") else None
    pixels.paste(clear or picture.convert(mode), mask=clear)
    out = io.BytesIO()
    pixels.save(out, format=kind)
    content = out.getvalue()
    return CleanImage(_FORMATS[kind], *pixels.size, hashlib.sha256(content).hexdigest(), content)
