"""Let administrators replace the logo and the picture of the Join button."""

from dataclasses import dataclass
from enum import StrEnum

from invo_booking.domain.access.roles import Actor
from invo_booking.domain.images import StoredImage
from invo_booking.usecases.admin.pictures import redraw_picture
from invo_booking.usecases.shared.audit import record_change
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.rights import administer, require_administrator


class ImageName(StrEnum):
    """The pictures that an institution can replace."""

    LOGO = "logo"
    JOIN = "join"


BOXES = {ImageName.LOGO: (640, 640), ImageName.JOIN: (1760, 1024)}
"""Maximum width and height of stored pictures in pixels: four times the shown size."""


@dataclass(frozen=True, slots=True)
class Branding:
    """The institution's own pictures; ``None`` stands for the product's picture."""

    logo: StoredImage | None
    join: StoredImage | None


def branding(deps: Deps, actor: Actor) -> Branding:
    """Return the institution's own pictures.

    Raises:
        NotAllowedError: If the actor is no administrator.
    """
    with administer(deps, actor) as work:
        return Branding(
            logo=work.images.find(ImageName.LOGO), join=work.images.find(ImageName.JOIN)
        )


def find_image(deps: Deps, name: ImageName) -> StoredImage | None:
    """Return a picture's properties; ``None`` if the product's picture is shown."""
    with deps.unit_of_work() as work:
        return work.images.find(name)


def image_data(deps: Deps, name: ImageName) -> bytes:
    """Return the file of a picture; empty if the product's picture is shown."""
    with deps.unit_of_work() as work:
        return work.images.data(name)


def replace_image(
    deps: Deps, actor: Actor, name: ImageName, data: bytes
) -> StoredImage:
    """Replace a picture, with effect from the next request.

    The uploaded file is re-encoded from its pixels; see ``redraw_picture``.

    Raises:
        NotAllowedError: If the actor is no administrator.
        PictureError: If the file cannot be used; then nothing is stored.
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
    """Remove the institution's own picture; the product's picture is shown. Idempotent.

    Raises:
        NotAllowedError: If the actor is no administrator.
    """
    with administer(deps, actor) as work:
        if work.images.remove(name):
            record_change(work, actor, deps.now(), "removed", ("image", name), {})
