"""Name the side that invites a customer."""

from enum import StrEnum


class Inviter(StrEnum):
    """Who puts an appointment into the customer's calendar, and updates it there."""

    MAIL = "mail"
    """The product's mails, with invitations whose UID is the product's."""

    HOST = "host"
    """The provider: the customer is an attendee of the event in the host calendar."""
