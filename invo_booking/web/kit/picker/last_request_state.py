"""Remember where the last request of a visitor led, until that page is open."""

import reflex as rx


class LastRequestState(rx.State):
    """The last request of one visitor."""

    _page: str = ""


async def last_request_page(state: rx.State) -> str:
    """Return the page of the last request; empty if that page was opened."""
    return (await state.get_state(LastRequestState))._page


async def set_last_request_page(state: rx.State, page: str) -> None:
    """Keep the page of a request that was made; empty once that page is open."""
    (await state.get_state(LastRequestState))._page = page
