"""The pictures on the page *Branding*; plain forms upload them, not Reflex."""

import reflex as rx

from invo_booking.usecases.admin import images
from invo_booking.web.admin.settings import branding_view
from invo_booking.web.admin.settings.branding_view import PictureView
from invo_booking.web.core import guard
from invo_booking.web.core.ask import ask
from invo_booking.web.core.guard import EventPolicy, allow
from invo_booking.web.core.session import SessionState


class BrandingState(SessionState):
    """The pictures of the institution."""

    pictures: list[PictureView] = []

    @rx.event
    @allow(EventPolicy.ADMIN, is_activity=False)
    async def open_page(self) -> None:
        """Show the pictures, and the result of an upload."""
        actor = await guard.actor_of_page(self)
        branding = await ask(images.branding, actor)
        query = self.router.url.query_parameters
        viewer = self._viewer((await self._load_catalogue(actor)).time_zone)
        self.pictures = branding_view.branding_picture_views(
            branding, query.get("image", ""), query.get("result", ""), viewer
        )
