"""Re-encode uploaded pictures, so that only their pixels are stored."""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

from invo_booking.domain.errors import InvalidInputError
from invo_booking.texts import say

LARGEST_BYTES = 2 * 1024 * 1024
MOST_PIXELS = 16_000_000
LEAST_SIDE = 16
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
"""Accepted formats. SVG is not accepted because it can contain scripts."""

_QUALITY = 90


class PictureError(InvalidInputError):
    """The picture cannot be used; the message says why and what to do.

    Attributes:
        reason: Stable identifier of the problem.
    """

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__({"file": sentence})
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Picture:
    """A re-encoded picture.

    Attributes:
        width: In pixels.
    """

    media_type: str
    data: bytes
    width: int
    height: int


def redraw_picture(data: bytes, box: tuple[int, int]) -> Picture:
    """Re-encode an uploaded picture, scaled down to fit ``box``.

    Metadata, thumbnails and all frames except the first are removed. The number of
    pixels is checked before the pixels are decoded.

    Args:
        data: The file as uploaded.
        box: Maximum width and height in pixels.

    Raises:
        PictureError: If the file is too large or not a readable picture, or the picture
            has too many pixels or is too small.
    """
    if len(data) > LARGEST_BYTES:
        raise PictureError("too_large", say("admin.pictures.file_too_large"))
    try:
        return _encode_image(_decode_image(data, box))
    except PictureError:
        raise
    except Exception as error:  # a decoder can fail in any way on a hostile file
        raise PictureError(
            "not_a_picture",
            say("admin.pictures.unreadable"),
        ) from error


def _decode_image(data: bytes, box: tuple[int, int]) -> Image.Image:
    with Image.open(BytesIO(data), formats=FORMATS) as opened:
        _check_size(opened.width, opened.height)
        upright = ImageOps.exif_transpose(opened)
        converted = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
        converted.thumbnail(box, Image.Resampling.LANCZOS)
        converted.format = opened.format
        return converted


def _check_size(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise PictureError(
            "too_many_pixels",
            say("admin.pictures.too_many_pixels", width=width, height=height),
        )
    if min(width, height) < LEAST_SIDE:
        raise PictureError(
            "too_small",
            say("admin.pictures.too_small", width=width, height=height),
        )


def _encode_image(image: Image.Image) -> Picture:
    """Encode JPEG and WebP pictures as WebP, and other pictures without loss as PNG."""
    clean = Image.new(image.mode, image.size)
    clean.paste(image)
    out, is_photo = BytesIO(), image.format in {"JPEG", "WEBP"}
    if is_photo:
        clean.save(out, "WEBP", quality=_QUALITY)
    else:
        clean.save(out, "PNG", optimize=True)
    media_type = "image/webp" if is_photo else "image/png"
    return Picture(media_type, out.getvalue(), *clean.size)
