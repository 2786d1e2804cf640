"""Say what an action of a customer has done, on pages with and without scripts.

The page's URL contains the name of the action. The message is shown only if the current
appointment agrees with the action, so that an old or forged URL shows nothing false.
"""

from invo_booking.domain.appointment import OVER, Phase
from invo_booking.texts import say
from invo_booking.usecases.booking.manage import Visit
from invo_booking.web.core.routes import Done
from invo_booking.web.customer.view import VisitView


def visit_done_notice(done: str, visit: Visit, view: VisitView) -> str:
    """Return the message about an action; empty if the message would be false now."""
    if done not in set(Done) or not _agrees(Done(done), visit):
        return ""
    sentences = {
        Done.CONFIRMED: say("customer.told.confirmed"),
        Done.MOVED: say("customer.told.moved", day=view.day, clocks=view.clocks),
        Done.CANCELLED: say("customer.told.cancelled"),
        Done.LATE: say("customer.told.late"),
        Done.IN_TIME: say("customer.told.in_time"),
        Done.SENT_AGAIN: say("customer.mail.sent_again", address=view.mailed_to),
        Done.ADDRESS_CHANGED: say(
            "customer.mail.address_changed", address=view.mailed_to
        ),
    }
    sentence = sentences[Done(done)]
    return f"{sentence} {_mail_note(visit)}".strip() if done in _MAILED else sentence


_MAILED = frozenset({Done.CONFIRMED, Done.MOVED, Done.CANCELLED})


def _mail_note(visit: Visit) -> str:
    return say("customer.told.mailed") if visit.appointment.customer.email else ""


def _agrees(done: Done, visit: Visit) -> bool:
    is_waiting = visit.phase is Phase.REQUESTED
    is_live = visit.phase not in OVER
    return {
        Done.CONFIRMED: is_live and not is_waiting,
        Done.MOVED: is_live,
        Done.CANCELLED: visit.phase is Phase.CANCELLED,
        Done.LATE: is_live and visit.is_running_late,
        Done.IN_TIME: visit.can_report_late and not visit.is_running_late,
        Done.SENT_AGAIN: is_waiting,
        Done.ADDRESS_CHANGED: is_waiting,
    }[done]


def is_offered_for_visit(action: str, view: VisitView) -> bool:
    """Whether the page has the button of an action, to show an error beside it."""
    is_waiting = view.phase == Phase.REQUESTED
    return {
        Done.CONFIRMED: is_waiting,
        Done.MOVED: view.can_move,
        Done.CANCELLED: view.can_cancel,
        Done.LATE: view.can_note_late and not view.is_late_noted,
        Done.IN_TIME: view.can_note_late and view.is_late_noted,
        Done.SENT_AGAIN: view.is_waiting,
        Done.ADDRESS_CHANGED: view.is_waiting,
    }.get(Done(action), False)
