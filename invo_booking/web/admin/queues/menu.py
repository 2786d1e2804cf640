"""Add the page of queues and languages to the menu."""

from invo_booking.texts import say
from invo_booking.web.core import routes
from invo_booking.web.menu import MenuEntry, MenuGroup

ENTRY = MenuEntry(MenuGroup.INSTITUTION, 2, say("menu.queues"), routes.QUEUES)
