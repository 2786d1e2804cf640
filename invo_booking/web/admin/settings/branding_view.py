"""The institution's pictures, as the Branding page shows them."""

from collections.abc import Mapping
from dataclasses import dataclass

from invo_booking.domain.images import StoredImage
from invo_booking.usecases.admin.images import Branding, ImageName
from invo_booking.web.admin.settings.words import change_time_text
from invo_booking.web.kit.text.words import ViewerContext

WORDS: Mapping[ImageName, tuple[str, str]] = {
    ImageName.LOGO: (
        "Logo",
        "At the top of your public pages and of these pages.",
    ),
    ImageName.JOIN: (
        "Join Call Button Image",
        "What customers press to join a call. Say on it what it does.",
    ),
}
TOLD: Mapping[str, str] = {
    "saved": "The new picture is in use now.",
    "removed": "The default picture is in use again.",
    "too_large": "The file is too large. Choose one below 2 MB.",
    "not_a_picture": "We cannot read this file as a picture. Choose a PNG, JPEG, WebP "
    "or GIF.",
    "too_many_pixels": "The picture has too many pixels. Make it smaller, such as 1600 "
    "pixels wide.",
    "too_small": "The picture is too small to be seen. Choose a larger one.",
}
GOOD = frozenset({"saved", "removed"})


@dataclass(frozen=True)
class PictureView:
    """One picture, and what became of the last try to replace it."""

    name: str
    label: str
    help: str
    source: str
    words: str
    address: str
    changed: str
    own: bool
    told: str
    refused: bool


def picture_views(
    found: Branding, tried: str, result: str, viewer: ViewerContext
) -> list[PictureView]:
    """Return all pictures.

    Args:
        found: Which of them are the institution's own.
        tried: Name of the picture somebody has just tried to replace.
        result: What became of it; what we do not know is not shown.
        viewer: Who reads the page, and when.
    """
    own = {ImageName.LOGO: found.logo, ImageName.JOIN: found.join}
    return [
        _picture_view(name, own[name], result if name == tried else "", viewer)
        for name in ImageName
    ]


def _picture_view(
    name: ImageName, own: StoredImage | None, result: str, viewer: ViewerContext
) -> PictureView:
    label, help_ = WORDS[name]
    told = TOLD.get(result, "")
    stamp = f"?v={int(own.changed_at.timestamp())}" if own else ""
    return PictureView(
        name=name.value,
        label=label,
        help=help_,
        source=f"/images/{name}{stamp}",
        words=f"{label} as customers see it",
        address=f"/session/images/{name}",
        changed=_change_text(own, viewer),
        own=own is not None,
        told=told,
        refused=bool(told) and result not in GOOD,
    )


def _change_text(own: StoredImage | None, viewer: ViewerContext) -> str:
    if own is None:
        return "The default picture"
    size = f"{own.width} by {own.height} pixels"
    return f"{size}, from {own.changed_by}, {change_time_text(own.changed_at, viewer)}"
