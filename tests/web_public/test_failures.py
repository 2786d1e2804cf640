"""A failure nobody planned for is told on every page, until it is read."""

import pytest
from reflex_base.components.component import BaseComponent
from reflex_base.registry import RegistrationContext

from invo_booking import app, bootstrap
from invo_booking.web.core import routes
from invo_booking.web.core.notice import NoticeState
from invo_booking.web.menu import staff_pages
from tests.web_staff.conftest import Client, run, see

assert app.app is not None  # its import registers every page of the product

OF_STAFF = staff_pages() - {routes.DASHBOARD}
"""Pages in the same frame as the dashboard."""

PAGES = {
    str(more["route"]): draw
    for draw, more in RegistrationContext.ensure_context().decorated_pages
    if more["route"] not in OF_STAFF
}


@pytest.fixture
def client(deps) -> Client:
    bootstrap.use_deps(deps)
    return Client()


def text_of(part: BaseComponent) -> str:
    return str(part.render())


@pytest.mark.parametrize("route", sorted(PAGES))
def test_page_has_a_place_where_a_failure_is_told(route):
    assert str(NoticeState.sentence) in text_of(PAGES[route]())


def test_failure_is_told_without_a_word_about_what_was_done(client):
    run(client.send(NoticeState, "show_failure", "0a1b2c3d"))

    sentence = see(client, NoticeState).sentence
    assert "nothing was changed" not in sentence
    assert "check whether it was done" in sentence


def test_failure_that_was_read_is_told_no_more(client):
    run(client.send(NoticeState, "show_failure", "0a1b2c3d"))

    run(client.send(NoticeState, "dismiss_failure"))

    assert see(client, NoticeState).sentence == ""
