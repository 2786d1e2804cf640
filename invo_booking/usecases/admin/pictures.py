"""A picture from anywhere, redrawn, so that nothing but its pixels gets in."""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

from invo_booking.domain.errors import InvalidInputError

LARGEST_BYTES = 2 * 1024 * 1024
MOST_PIXELS = 16_000_000
LEAST_SIDE = 16
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
"""What is read. Not SVG, which is a program and a page as much as a picture."""

_QUALITY = 90


class PictureError(InvalidInputError):
    """The picture cannot be used; says why and what to do.

    Attributes:
        reason: Stable name of it.
    """

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__({"file": sentence})
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as we have drawn it.

    Attributes:
        width: In pixels, like ``height``.
    """

    media_type: str
    data: bytes
    width: int
    height: int


def redraw_picture(data: bytes, box: tuple[int, int]) -> Picture:
    """Return a picture decoded and encoded again, at most as large as ``box``.

    Notes, places, thumbnails and whatever else a file can carry stay behind; so does
    all but the first frame of a film. The size is read and judged before a pixel is.

    Args:
        data: The file as it came.
        box: Greatest width and height; a larger picture is made smaller.

    Raises:
        PictureError: If it is too large, too small, or no picture we can read.
    """
    if len(data) > LARGEST_BYTES:
        raise PictureError("too_large", "The file is too large. Choose one below 2 MB.")
    try:
        return _encode_image(_decode_image(data, box))
    except PictureError:
        raise
    except Exception as error:  # a decoder can fail in any way on a hostile file
        raise PictureError(
            "not_a_picture",
            "We cannot read this file as a picture. Choose a PNG, JPEG, WebP or GIF.",
        ) from error


def _decode_image(data: bytes, box: tuple[int, int]) -> Image.Image:
    with Image.open(BytesIO(data), formats=FORMATS) as opened:
        _check_size(opened.width, opened.height)
        upright = ImageOps.exif_transpose(opened)
        kept = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
        kept.thumbnail(box, Image.Resampling.LANCZOS)
        kept.format = opened.format
        return kept


def _check_size(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise PictureError(
            "too_many_pixels",
            f"The picture is {width} by {height} pixels, which is too many. Make it "
            "smaller, such as 1600 pixels wide.",
        )
    if min(width, height) < LEAST_SIDE:
        raise PictureError(
            "too_small",
            f"The picture is only {width} by {height} pixels. Choose a larger one.",
        )


def _encode_image(image: Image.Image) -> Picture:
    """Drawings stay exact as PNG, photographs become small as WebP."""
    clean = Image.new(image.mode, image.size)
    clean.paste(image)
    out, is_photo = BytesIO(), image.format in {"JPEG", "WEBP"}
    if is_photo:
        clean.save(out, "WEBP", quality=_QUALITY)
    else:
        clean.save(out, "PNG", optimize=True)
    media_type = "image/webp" if is_photo else "image/png"
    return Picture(media_type, out.getvalue(), *clean.size)
