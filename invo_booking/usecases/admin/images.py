"""Branding's pictures: the logo, and the button that joins a call."""

from dataclasses import dataclass
from enum import StrEnum

from invo_booking.domain.access.roles import Actor
from invo_booking.domain.images import StoredImage
from invo_booking.usecases.admin.pictures import redraw_picture
from invo_booking.usecases.shared.audit import record_change
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.rights import require_administrator


class ImageName(StrEnum):
    """What an institution may have its own picture of."""

    LOGO = "logo"
    JOIN = "join"


BOXES = {ImageName.LOGO: (640, 640), ImageName.JOIN: (1760, 1024)}
"""Greatest width and height that is kept, in pixels: four times what is shown."""


@dataclass(frozen=True, slots=True)
class Branding:
    """Which pictures the institution has of its own; ``None`` is the default one."""

    logo: StoredImage | None
    join: StoredImage | None


def branding(deps: Deps, actor: Actor) -> Branding:
    """Return which pictures are the institution's own.

    Raises:
        NotAllowedError: If the actor does not administer.
    """
    require_administrator(actor)
    with deps.unit_of_work() as work:
        return Branding(
            logo=work.images.find(ImageName.LOGO), join=work.images.find(ImageName.JOIN)
        )


def find_image(deps: Deps, name: ImageName) -> StoredImage | None:
    """Return what is known of a picture anybody may see; ``None`` is the default."""
    with deps.unit_of_work() as work:
        return work.images.find(name)


def image_data(deps: Deps, name: ImageName) -> bytes:
    """Return a picture's file; empty where the default applies."""
    with deps.unit_of_work() as work:
        return work.images.data(name)


def replace_image(
    deps: Deps, actor: Actor, name: ImageName, data: bytes
) -> StoredImage:
    """Use another picture from the next request on.

    What is stored is redrawn from the pixels alone; see ``redraw_picture``.

    Raises:
        NotAllowedError: If the actor does not administer.
        PictureError: If the file cannot be used; nothing is stored then.
    """
    require_administrator(actor)
    picture = redraw_picture(data, BOXES[name])
    image = StoredImage(
        name=name,
        media_type=picture.media_type,
        width=picture.width,
        height=picture.height,
        changed_by=actor.name,
        changed_at=deps.now(),
    )
    with deps.unit_of_work() as work:
        work.images.put(image, picture.data)
        size = {"width": picture.width, "height": picture.height}
        record_change(work, actor, image.changed_at, "replaced", ("image", name), size)
    return image


def remove_image(deps: Deps, actor: Actor, name: ImageName) -> None:
    """Go back to the default picture. Doing so again changes nothing.

    Raises:
        NotAllowedError: If the actor does not administer.
    """
    require_administrator(actor)
    with deps.unit_of_work() as work:
        if work.images.remove(name):
            record_change(work, actor, deps.now(), "removed", ("image", name), {})
