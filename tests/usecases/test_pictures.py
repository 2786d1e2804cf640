"""Pictures from outside: only pixels get in, and not too many."""

import struct
import zlib
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from invo_booking.usecases.admin.pictures import (
    LARGEST_BYTES,
    MOST_PIXELS,
    PictureError,
    redraw_picture,
)

BOX = (640, 640)
CANARY = b"canary-words"


def file_of(image: Image.Image, kind: str, **options) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def plain(width=100, height=60, mode="RGB", color=(200, 30, 40)) -> Image.Image:
    return Image.new(mode, (width, height), color)


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header announces any size."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        check = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    signature = b"\x89PNG\r\n\x1a\n"
    return signature + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def refused(data: bytes) -> str:
    with pytest.raises(PictureError) as error:
        redraw_picture(data, BOX)
    assert error.value.fields["file"]
    return error.value.reason


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [
        ("PNG", "image/png"),
        ("GIF", "image/png"),
        ("JPEG", "image/webp"),
        ("WEBP", "image/webp"),
    ],
)
def test_picture_comes_back_drawn_anew(kind, media_type):
    picture = redraw_picture(file_of(plain(), kind), BOX)

    assert picture.media_type == media_type
    assert (picture.width, picture.height) == opened(picture.data).size == (100, 60)


def test_larger_picture_is_made_smaller_in_its_own_proportions():
    picture = redraw_picture(file_of(plain(2000, 500), "PNG"), BOX)

    assert (picture.width, picture.height) == (640, 160)


def test_transparent_ground_stays_transparent():
    picture = redraw_picture(
        file_of(plain(mode="RGBA", color=(0, 0, 0, 0)), "PNG"), BOX
    )

    assert opened(picture.data).getpixel((5, 5))[3] == 0


def test_nothing_but_pixels_gets_in():
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", CANARY.decode())
    exif = Image.Exif()
    exif[0x010E] = CANARY.decode()
    for data in (
        file_of(plain(), "PNG", pnginfo=notes, exif=exif) + CANARY,
        file_of(plain(), "JPEG", exif=exif, comment=CANARY) + CANARY,
        file_of(plain(), "WEBP", exif=exif, xmp=CANARY) + CANARY,
    ):
        assert CANARY in data
        assert CANARY not in redraw_picture(data, BOX).data


def test_photograph_lying_on_its_side_is_set_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = redraw_picture(file_of(plain(100, 60), "JPEG", exif=exif), BOX)

    assert (picture.width, picture.height) == (60, 100)


def test_only_the_first_frame_of_a_film_is_kept():
    frames = [plain(color=(n, n, n)) for n in (10, 90, 200)]
    film = file_of(frames[0], "GIF", save_all=True, append_images=frames[1:])

    assert getattr(opened(redraw_picture(film, BOX).data), "n_frames", 1) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no picture",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"<?xml version='1.0'?><svg/>",
        b"GIF89a" + b"\0" * 50,
        b"%PDF-1.7",
        file_of(plain(), "BMP"),
        file_of(plain(), "TIFF"),
        file_of(plain(), "PNG")[:120],
    ],
)
def test_what_is_no_picture_we_read_is_refused(data):
    assert refused(data) == "not_a_picture"


@pytest.mark.parametrize("side", [5_000, 20_000, 60_000])
def test_decompression_bomb_is_refused_before_it_unpacks(side):
    assert side * side > MOST_PIXELS
    assert refused(png_that_claims(side, side)) in {"too_many_pixels", "not_a_picture"}


def test_too_many_bytes_and_too_few_pixels_are_refused():
    assert refused(b"\x89PNG" + b"\0" * LARGEST_BYTES) == "too_large"
    assert refused(file_of(plain(15, 400), "PNG")) == "too_small"


@given(st.binary(max_size=300), st.integers(0, 200))
def test_damaged_file_is_drawn_or_refused_and_never_anything_else(noise, at):
    data = file_of(plain(40, 40), "PNG")
    damaged = data[:at] + noise + data[at + len(noise) :]
    try:
        assert redraw_picture(damaged, BOX).data
    except PictureError as error:
        assert error.reason  # noqa: PT017  (most are refused, a few are not damaged)
