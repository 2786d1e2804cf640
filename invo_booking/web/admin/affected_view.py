"""Show the appointments that a change affects before the change is saved."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from invo_booking.texts import say
from invo_booking.usecases.admin.affected import AffectedAppointment, mails_sentence
from invo_booking.usecases.admin.effects import Disposition
from invo_booking.web.core import routes
from invo_booking.web.kit.text.words import ViewerContext


@dataclass
class AffectedView:
    """One affected appointment.

    Attributes:
        instead: What happens if the appointment is reassigned; empty if reassigning is
            not offered.
        kept: What happens if the appointment stays with its agent.
        mail: How the customer learns of changed details; empty if no details change.
        moves: Whether the appointment is reassigned; otherwise it stays with its agent.
    """

    id: str = ""
    when: str = ""
    who: str = ""
    why: str = ""
    instead: str = ""
    kept: str = ""
    mail: str = ""
    moves: bool = False
    href: str = ""


@dataclass
class AffectedReviewView:
    """What the review of affected appointments says above and below the list.

    Attributes:
        mails: How customers learn of changed details; empty if no details change.
        can_hand_over: Whether any of the appointments can be reassigned.
        save: Text of the save button, used if no appointment can be reassigned.
    """

    mails: str = ""
    can_hand_over: bool = False
    save: str = ""


def affected_review_view(
    affected: Sequence[AffectedAppointment],
) -> AffectedReviewView:
    """Return the words around the list of affected appointments."""
    is_mailed = any(one.is_mailed for one in affected)
    return AffectedReviewView(
        mails=mails_sentence(affected),
        can_hand_over=any(one.can_be_reassigned for one in affected),
        save=say(
            "admin.affected.save_and_mail" if is_mailed else "admin.affected.save"
        ),
    )


def affected_views(
    affected: Iterable[AffectedAppointment], viewer: ViewerContext
) -> list[AffectedView]:
    """Return the affected appointments as the viewer reads them, in the same order."""
    return [_affected_view(one, viewer) for one in affected]


def disposition_by_affected(
    affected: Iterable[AffectedView], disposition: Disposition
) -> dict[UUID, Disposition]:
    """Return one decision for all affected appointments, by the id of the appointment.

    Appointments that cannot be reassigned stay with their agents.
    """
    return {
        UUID(one.id): disposition if one.instead else Disposition.KEEP
        for one in affected
    }


def _affected_view(
    affected: AffectedAppointment, viewer: ViewerContext
) -> AffectedView:
    day = viewer.day(affected.starts_at)
    agent = (
        say("admin.affected.agent", agent=affected.agent)
        if affected.agent
        else say("admin.affected.unassigned")
    )
    query = f"scope=team&view=day&date={day:%Y-%m-%d}&a={affected.id}"
    return AffectedView(
        id=str(affected.id),
        when=f"{viewer.day_name(day)}, {viewer.clock(affected.starts_at)}",
        who=f"{affected.customer}: {affected.title}{agent}",
        why=affected.why,
        instead=affected.instead,
        kept=affected.kept,
        mail=affected.mail,
        href=f"{routes.BOOKINGS}?{query}",
    )
