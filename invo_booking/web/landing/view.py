"""The topics on the landing page, each with a link into the scheduler."""

from dataclasses import dataclass

from invo_booking.usecases.booking.booking import PublicSite
from invo_booking.web.core import routes


@dataclass
class TopicLinkView:
    """A topic, with the URL of the scheduler at which the topic is already chosen."""

    key: str
    title: str
    page: str


def landing_topics(site: PublicSite) -> list[TopicLinkView]:
    """Return a link for each topic that can be booked; no link if there is only one."""
    if len(site.answers) == 1:
        return []
    return [
        TopicLinkView(
            key=str(answer.id),
            title=answer.title,
            page=routes.schedule_route({"answer": str(answer.id)}),
        )
        for answer in site.answers
    ]
