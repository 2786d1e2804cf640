"""The institution's pictures, as the page *Branding* shows them."""

from collections.abc import Mapping
from dataclasses import dataclass

from invo_booking.domain.images import StoredImage
from invo_booking.texts import say
from invo_booking.usecases.admin.images import Branding, ImageName
from invo_booking.web.admin.setting_words import setting_change_time_text
from invo_booking.web.kit.text.names import reason_text
from invo_booking.web.kit.text.words import ViewerContext

WORDS: Mapping[ImageName, tuple[str, str]] = {
    ImageName.LOGO: (
        say("branding.logo"),
        say("branding.logo_help"),
    ),
    ImageName.JOIN: (
        say("branding.join"),
        say("branding.join_help"),
    ),
}
FAILURES: Mapping[str, str] = {
    "saved": "branding.done.saved",
    "removed": "branding.done.removed",
    "too_large": "branding.problem.too_large",
    "not_a_picture": "branding.problem.not_a_picture",
    "too_many_pixels": "branding.problem.too_many_pixels",
    "too_small": "branding.problem.too_small",
}
GOOD = frozenset({"saved", "removed"})


@dataclass(frozen=True)
class PictureView:
    """One picture, and the result of the last attempt to replace it."""

    name: str
    label: str
    help: str
    source: str
    words: str
    address: str
    changed: str
    own: bool
    result: str
    refused: bool


def branding_picture_views(
    branding: Branding, tried: str, result: str, viewer: ViewerContext
) -> list[PictureView]:
    """Return all pictures.

    Args:
        branding: Says which pictures the institution has replaced.
        tried: Name of the picture that was just uploaded.
        result: Result code of the upload; unknown codes are ignored.
    """
    own = {ImageName.LOGO: branding.logo, ImageName.JOIN: branding.join}
    return [
        _picture_view(name, own[name], result if name == tried else "", viewer)
        for name in ImageName
    ]


def _picture_view(
    name: ImageName, own: StoredImage | None, result: str, viewer: ViewerContext
) -> PictureView:
    label, help_ = WORDS[name]
    reason = reason_text(FAILURES, result)
    stamp = f"?v={int(own.changed_at.timestamp())}" if own else ""
    return PictureView(
        name=name.value,
        label=label,
        help=help_,
        source=f"/images/{name}{stamp}",
        words=say("branding.as_seen", label=label),
        address=f"/session/images/{name}",
        changed=_change_text(own, viewer),
        own=own is not None,
        result=reason,
        refused=bool(reason) and result not in GOOD,
    )


def _change_text(own: StoredImage | None, viewer: ViewerContext) -> str:
    if own is None:
        return say("branding.default")
    size = say("branding.size", width=own.width, height=own.height)
    return say(
        "branding.changed",
        size=size,
        who=own.changed_by,
        when=setting_change_time_text(own.changed_at, viewer),
    )
