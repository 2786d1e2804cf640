"""Everything that can be refused, with a sentence fit to show to a person.

``str(error)`` is that sentence; ``code`` is stable and meant for machines.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from invo_booking.domain.access.proof_of_work import Challenge
from invo_booking.domain.appointment import Appointment
from invo_booking.domain.interval import Interval


class InvoError(Exception):
    """Base of every refusal the product makes on purpose."""

    code = "refused"


class InvalidInputError(InvoError):
    """Something typed cannot be used.

    Attributes:
        fields: For each field at fault, the sentence to show beside it.
    """

    code = "invalid_input"

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = dict(fields)


class PasswordNeededError(InvalidInputError):
    """Somebody at an open session has to give the current password again first."""

    def __init__(self) -> None:
        super().__init__(
            {
                "password": "Enter your own password to go on: this lets somebody in, "
                "or lets them do more."
            }
        )


class NotAllowedError(InvoError):
    """The actor's roles do not allow this."""

    code = "not_allowed"

    def __init__(
        self, sentence: str = "Your role does not allow this. Ask an administrator."
    ) -> None:
        super().__init__(sentence)


class NotSignedInError(InvoError):
    """There is no live session behind the request."""

    code = "not_signed_in"

    def __init__(self) -> None:
        super().__init__("Your session has ended. Sign in again to go on.")


class NotFoundError(InvoError):
    """The thing is not there, or not for this actor to know of."""

    code = "not_found"

    def __init__(self, sentence: str = "We cannot find this.") -> None:
        super().__init__(sentence)


class NotSetUpError(NotFoundError):
    """There is no institution yet, so nothing else can be found or done."""

    code = "not_set_up"

    def __init__(self) -> None:
        super().__init__(
            "This site is not set up yet: there is no institution. Whoever runs it "
            "makes one with the command `invo-booking institution`."
        )


class ProofNeededError(InvoError):
    """Only who reads the customer's mailbox may do this."""

    code = "proof_needed"


class LinkExpiredError(InvoError):
    """A link that once worked and no longer does."""

    code = "gone"


class SlotTakenError(InvoError):
    """Somebody else was faster.

    Attributes:
        nearest: Up to three open spans closest to the one asked for, earliest first.
    """

    code = "slot_taken"

    def __init__(self, sentence: str, nearest: Sequence[Interval] = ()) -> None:
        super().__init__(sentence)
        self.nearest = tuple(nearest)


class SlotClosedError(InvoError):
    """The start was never on offer under today's rules.

    Attributes:
        reason: Stable name of the rule that closed it.
        nearest: Up to three open spans closest to the one asked for, earliest first.
    """

    code = "slot_closed"

    def __init__(
        self, sentence: str, reason: str, nearest: Sequence[Interval] = ()
    ) -> None:
        super().__init__(sentence)
        self.reason = reason
        self.nearest = tuple(nearest)


class LimitReachedError(InvoError):
    """The customer has as many appointments as the institution allows."""

    code = "limit_reached"


class CustomerBusyError(InvoError):
    """The customer has another appointment at that time; told after proof only."""

    code = "customer_busy"

    def __init__(self, who: str = "You already have") -> None:
        super().__init__(
            f"{who} an appointment at that time. Choose another time, or cancel that "
            "one first."
        )


class PublicSchedulingOffError(InvoError):
    """The institution does not take bookings from the public now."""

    code = "public_scheduling_off"

    def __init__(self) -> None:
        super().__init__(
            "Online booking is switched off at the moment. Please call us instead."
        )


class ConflictError(InvoError):
    """Somebody changed the same thing first; the actor's picture is old."""

    code = "conflict"

    def __init__(
        self,
        sentence: str = "Somebody changed this in the meantime. Look at it again.",
    ) -> None:
        super().__init__(sentence)


class AppointmentChangedError(ConflictError):
    """An appointment is not what the actor saw; nothing was done.

    Attributes:
        current: As it is now.
    """

    def __init__(self, sentence: str, current: Appointment) -> None:
        super().__init__(sentence)
        self.current = current


class OvertakenError(ConflictError):
    """Something was stored between reading and storing; nothing was done here.

    Whoever only means what the thing is now may try again at once.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedMeanwhile:
    """A setting that somebody else changed since the page was opened.

    Attributes:
        at: When, in UTC; ``None`` if nobody knows.
        text: Their value as form text; empty for a secret.
        was: What to give back to overwrite their value knowingly.
    """

    key: str
    label: str
    by: str
    at: datetime | None
    text: str
    was: str


class SettingChangedError(ConflictError):
    """Settings were changed by somebody else first; nothing was saved.

    Attributes:
        changed: Each setting at odds, at least one.
    """

    def __init__(self, changed: Sequence[ChangedMeanwhile]) -> None:
        first = changed[0]
        super().__init__(
            f"{first.by} changed \u201c{first.label}\u201d in the meantime, so nothing "
            "was saved. Look at the new value and decide again."
        )
        self.changed = tuple(changed)


class IdempotencyMismatchError(InvoError):
    """A key that was used before, now with other data."""

    code = "idempotency_mismatch"

    def __init__(self) -> None:
        super().__init__(
            "This was already sent once, with other details. What was sent first "
            "counts, and nothing more was done. To do this as well, send it again."
        )


class TooManyRequestsError(InvoError):
    """Asked too often.

    Attributes:
        retry_at: When it is worth trying again, in UTC, or ``None``.
    """

    code = "too_many_requests"

    def __init__(self, sentence: str, retry_at: datetime | None = None) -> None:
        super().__init__(sentence)
        self.retry_at = retry_at


class ProofOfWorkRequiredError(InvoError):
    """The caller's device has to do some work first; then it may go on.

    Attributes:
        challenge: What it has to work on.
    """

    code = "proof_of_work_required"

    def __init__(self, challenge: Challenge) -> None:
        super().__init__(
            "Many requests come from where you are, so your device has to do a little "
            "work first. Send this again with the proof of it."
        )
        self.challenge = challenge


class MailTemporaryError(InvoError):
    """The mail server cannot take the message now; it may later."""

    code = "mail_later"


class MailServerError(MailTemporaryError):
    """The mail server serves nobody now, or not us; this mail is not at fault."""


class MailPermanentError(InvoError):
    """The mail server will never take this message."""

    code = "mail_refused"
