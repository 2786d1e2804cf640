"""Add the page of branches to the menu."""

from invo_booking.texts import say
from invo_booking.web.core import routes
from invo_booking.web.menu import MenuEntry, MenuGroup

ENTRY = MenuEntry(MenuGroup.INSTITUTION, 3, say("menu.branches"), routes.BRANCHES)
