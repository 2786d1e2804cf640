"""Check the address of a video room that belongs to an Answer or a person."""

from invo_booking.domain import rooms
from invo_booking.settings import calls
from invo_booking.settings.spec import Values
from invo_booking.usecases.shared.fields import Problems

FIELD = "room"


def room_of_draft(
    problems: Problems, settings: Values, typed: str, *, is_shared: bool
) -> str:
    """Return a template as it is stored, and note what is wrong with it.

    Args:
        problems: Collects the sentence to show beside the field.
        settings: Settings that a template must agree with.
        typed: As typed; may be empty.
        is_shared: Whether it serves many appointments at the same time.
    """
    template = problems.read(
        FIELD, lambda: rooms.clean_room_template(typed, is_shared=is_shared), ""
    )
    if problem := calls.room_problem(settings, template):
        problems.add(FIELD, problem)
    return template
