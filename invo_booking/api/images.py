"""Show the pictures of the Branding page, and let administrators replace them."""

from functools import cache
from hashlib import sha256
from typing import Annotated

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response

from invo_booking.api.core.policy import (
    CurrentActor,
    CurrentDeps,
    RoutePolicy,
    policy_router,
)
from invo_booking.api.core.shapes import InstantText, ResponseModel
from invo_booking.config import PROJECT
from invo_booking.domain.errors import InvalidInputError
from invo_booking.texts import say
from invo_booking.usecases.admin import images
from invo_booking.usecases.admin.images import ImageName
from invo_booking.usecases.admin.pictures import LARGEST_BYTES, PictureError

BRANDING_PAGE = "/settings/branding"
"""Page to which a form without scripts returns."""

_DEFAULTS = {ImageName.LOGO: "logo.svg", ImageName.JOIN: "join-call.svg"}
_INERT = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}

shown = policy_router(RoutePolicy.PUBLIC, "/images")
router = policy_router(RoutePolicy.ADMIN, "/session/images")


class ImageResponse(ResponseModel):
    """A picture of the institution."""

    name: str
    width: int
    height: int
    changed_by: str
    changed_at: InstantText


@shown.get("/{name}", response_class=Response)
def show(request: Request, deps: CurrentDeps, name: ImageName) -> Response:
    """Show the logo or the join button: the institution's own, else the default.

    Cached by browsers, which revalidate it each time.
    """
    stored = images.find_image(deps, name)
    tag = (
        _entity_tag(stored.changed_at.isoformat())
        if stored
        else _default_image(name)[1]
    )
    headers = {"etag": tag, "content-security-policy": _INERT}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    own = images.image_data(deps, name) if stored else b""
    if stored is None or not own:
        return Response(
            _default_image(name)[0], headers=headers, media_type="image/svg+xml"
        )
    return Response(own, headers=headers, media_type=stored.media_type)


async def read_upload(request: Request) -> bytes:
    """Return the content of the uploaded file.

    The upload is read only after the sign-in has been checked.

    Raises:
        InvalidInputError: If there is no file.
    """
    async with request.form(max_files=1, max_fields=1) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise InvalidInputError({"file": say("api.images.picture_needed")})
        return await file.read(LARGEST_BYTES + 1)


SentFile = Annotated[bytes, Depends(read_upload)]


@router.post("/{name}", openapi_extra=_FORM, response_model=ImageResponse)
async def replace(
    request: Request,
    deps: CurrentDeps,
    actor: CurrentActor,
    name: ImageName,
    file: SentFile,
) -> Response | ImageResponse:
    """Replace the picture by one of your own, sent as the form field `file`.

    PNG, JPEG, WebP or GIF, at most 2 MB. A browser that asks for a page is redirected
    to the Branding page; `result` in its address contains the outcome.
    """
    try:
        image = await run_in_threadpool(images.replace_image, deps, actor, name, file)
    except PictureError as error:
        if _is_from_page(request):
            return _back_to_page(name, error.reason)
        raise
    return (
        _back_to_page(name, "saved")
        if _is_from_page(request)
        else ImageResponse.of(image)
    )


@router.post("/{name}/remove", status_code=204, response_class=Response)
def remove(
    request: Request, deps: CurrentDeps, actor: CurrentActor, name: ImageName
) -> Response:
    """Reset to the default picture."""
    images.remove_image(deps, actor, name)
    if _is_from_page(request):
        return _back_to_page(name, "removed")
    return Response(status_code=204)


def _is_from_page(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")


def _back_to_page(name: ImageName, result: str) -> RedirectResponse:
    address = f"{BRANDING_PAGE}?image={name}&result={result}"
    return RedirectResponse(address, status_code=303)


@cache
def _default_image(name: ImageName) -> tuple[bytes, str]:
    data = (PROJECT / "assets" / _DEFAULTS[name]).read_bytes()
    return data, _entity_tag(data.hex())


def _entity_tag(of: str) -> str:
    return f'"{sha256(of.encode()).hexdigest()[:20]}"'
