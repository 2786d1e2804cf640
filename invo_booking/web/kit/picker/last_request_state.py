"""Remember the page of a visitor's last request until the visitor opens that page."""

import reflex as rx


class LastRequestState(rx.State):
    """The last request of one visitor."""

    _page: str = ""


async def last_request_page(state: rx.State) -> str:
    """Return the page of the last request; empty if the visitor has opened the page."""
    return (await state.get_state(LastRequestState))._page


async def set_last_request_page(state: rx.State, page: str) -> None:
    """Store the page of the last request; empty once the page has been opened."""
    (await state.get_state(LastRequestState))._page = page
