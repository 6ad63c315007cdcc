"""Draws the filled rectangles of a PDF of ours as pixels, so that a barcode can be read back as a scanner would."""

from __future__ import annotations

import base64
import re
import zlib

from PIL import Image, ImageDraw

DOTS_PER_INCH = 600
_STREAM = re.compile(rb"/ASCII85Decode /FlateDecode \] /Length \d+\s*>>\s*stream\r?\n(.*?)endstream", re.DOTALL)
_WORD = re.compile(r"\((?:\\.|[^\\)])*\)|\S+")


def contents(pdf: bytes) -> list[str]:
    """The drawing operators of each page, in order."""
    packed = [found.strip() for found in _STREAM.findall(pdf)]
    return [zlib.decompress(base64.a85decode(b"<~" + one, adobe=True)).decode("latin-1") for one in packed]


def words(pdf: bytes) -> list[str]:
    """The texts of all pages, in the order in which they are drawn."""
    return [text for page in contents(pdf) for text in re.findall(r"\(((?:\\.|[^\\)])*)\) Tj", page)]


def pictures(pdf: bytes, *, width: float = 288, height: float = 432) -> list[Image.Image]:
    """Each page with its filled rectangles, black on white; nothing else of the page is drawn."""
    return [_picture(page, width, height) for page in contents(pdf)]


def _picture(page: str, width: float, height: float) -> Image.Image:
    scale = DOTS_PER_INCH / 72
    image = Image.new("L", (round(width * scale), round(height * scale)), 255)
    pen = ImageDraw.Draw(image)
    x, y = 0.0, 0.0
    saved: list[tuple[float, float]] = []
    operands: list[str] = []
    for word in _WORD.findall(page):
        if word == "q":
            saved.append((x, y))
        elif word == "Q":
            x, y = saved.pop()
        elif word == "cm":
            x, y = x + float(operands[-2]), y + float(operands[-1])
        elif word == "re":
            left, low, wide, high = (float(one) for one in operands[-4:])
            box = (x + left) * scale, (height - y - low - high) * scale
            pen.rectangle(
                (round(box[0]), round(box[1]), round(box[0] + wide * scale) - 1, round(box[1] + high * scale)), 0
            )
        operands = [*operands[-5:], word]
    return image
