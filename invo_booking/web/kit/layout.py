"""The frame around every staff page."""

import reflex as rx
from reflex.utils.imports import ImportDict, ImportVar

from invo_booking.texts import say, weave
from invo_booking.web.core import failures, routes, theme
from invo_booking.web.core.session import SessionState
from invo_booking.web.kit.failure import failure_notice
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.look import look_button
from invo_booking.web.kit.parts import (
    hidden_text,
    plain_form,
    plain_link,
    submit_button,
)
from invo_booking.web.kit.unsaved import unsaved_question


class StaffSheets(rx.Fragment):
    """Draws nothing; adds the style sheets of staff pages to the page.

    The bundler puts the sheets into one file that is named after its content. The
    page's HTML names this file, so that nothing is drawn before the sheets are loaded.
    """

    def add_imports(self) -> ImportDict:
        """Return the sheets as imports without names."""
        return {"": [ImportVar(tag="$/public/staff-pages.css")]}


def staff_frame(
    *content: rx.Component, here: str, skip: str, kind: str, action: rx.Component
) -> rx.Component:
    """A staff page.

    Args:
        *content: The main part of the page.
        here: Route of the page, which is marked in the navigation.
        skip: Text of the link that skips the navigation.
        kind: Class name of the main part.
        action: Component at the right of the top bar.
    """
    return rx.el.div(
        StaffSheets.create(),
        plain_link(skip, href="#main", class_name="skip"),
        rx.el.div(
            _navigation(here),
            _top_bar(action),
            rx.el.main(_page_part(*content), id="main", class_name=kind, tab_index=-1),
            class_name="app",
        ),
        failure_notice(),
        unsaved_question(),
        class_name="staff",
    )


def _page_part(*content: rx.Component) -> rx.Component:
    return failures.page_boundary(
        *content, back=say("frame.back_to_calendar"), href=routes.BOOKINGS
    )


def _navigation(here: str) -> rx.Component:
    return rx.el.nav(
        rx.el.a(
            rx.el.img(src=theme.LOGO, alt=""),
            href=routes.DASHBOARD,
            class_name="logo",
            aria_label=say("frame.start_page"),
        ),
        rx.el.ul(
            _navigation_link("home", say("frame.dashboard"), routes.DASHBOARD, here),
            _navigation_link("cal", say("frame.bookings"), routes.BOOKINGS, here),
            rx.cond(
                SessionState.administers,
                _navigation_link(
                    "sliders", say("frame.administration"), routes.ADMINISTRATION, here
                ),
            ),
        ),
        class_name="rail",
        aria_label=say("frame.navigation"),
    )


def _navigation_link(picture: str, label: str, route: str, here: str) -> rx.Component:
    current = {"aria-current": "page"} if route == here else {}
    return rx.el.li(rx.el.a(icon(picture, 20), label, href=route, custom_attrs=current))


def _top_bar(action: rx.Component) -> rx.Component:
    return rx.el.header(
        rx.el.div(SessionState.institution, class_name="inst"),
        rx.el.span(class_name="grow"),
        rx.cond(SessionState.attention != "", _attention_link()),
        action,
        _profile_menu(),
        class_name="top",
    )


def _attention_link() -> rx.Component:
    return rx.el.a(
        icon("warn"),
        rx.el.span(SessionState.attention),
        href=SessionState.attention_page,
        class_name="health",
        aria_label=SessionState.attention,
    )


def _profile_menu() -> rx.Component:
    return rx.el.details(
        rx.el.summary(
            rx.el.span(SessionState.initials, class_name="av me", aria_hidden="true"),
            hidden_text(*weave("frame.profile_of", person=SessionState.person)),
            class_name="profile",
        ),
        rx.el.div(
            rx.el.p(SessionState.person, class_name="who"),
            rx.el.a(say("frame.profile"), href=routes.PROFILE),
            look_button(name="look-btn"),
            plain_form(
                submit_button(say("frame.sign_out"), look=""),
                action=routes.SESSION_SIGN_OUT,
                method="post",
            ),
            class_name="menu",
        ),
        class_name="drop",
    )
