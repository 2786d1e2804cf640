"""Where every page says that something broke that nobody planned for."""

import reflex as rx

from invo_booking.web.core.notice import NoticeState
from invo_booking.web.kit.parts import problem_alert


def failure_notice() -> rx.Component:
    """The sentence about the last failure, until it is read; nothing without one."""
    return rx.el.div(
        problem_alert(NoticeState.sentence, NoticeState.dismiss_failure),
        class_name="trouble",
    )
