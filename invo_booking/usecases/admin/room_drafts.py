"""Check the template for the video room of an Answer or a person."""

from invo_booking.domain import rooms
from invo_booking.settings import calls
from invo_booking.settings.spec import Values
from invo_booking.usecases.shared.fields import Problems

FIELD = "room"


def room_of_draft(
    problems: Problems, settings: Values, typed: str, *, is_shared: bool
) -> str:
    """Return a typed template for a room's address in its stored form.

    Args:
        problems: Collects the error message if the template is refused.
        settings: Settings that determine which templates are allowed.
        typed: The template as typed; may be empty.
        is_shared: Whether several appointments can use the template at the same time.
    """
    template = problems.read(
        FIELD, lambda: rooms.clean_room_template(typed, is_shared=is_shared), ""
    )
    if problem := calls.room_problem(settings, template):
        problems.add(FIELD, problem)
    return template
