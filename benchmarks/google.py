"""What asking Google when agents are busy costs, if each call takes 200 ms.

``python -m benchmarks.google [--agents 500] [--latency 0.2]``: asks the fake, which
runs in this very process and takes time from what is measured, directly and through a
forward proxy. Nothing is stored; what storing costs is the same for all providers, see
``benchmarks.outlook``. Ends with an error if the figure is missed, an agent is not
answered, or the proxy sees more connections than calls at the same time.
"""

import argparse
import os
import sys
from datetime import timedelta
from time import perf_counter

from rich.console import Console
from rich.table import Table

from invo_booking.domain.clock import utc_now
from invo_booking.domain.interval import Interval
from invo_booking.providers.google import provider
from invo_booking.providers.google.provider import LIMITS, GoogleCalendar
from invo_booking.providers.http import VendorClient
from invo_booking.providers.proxy import forward_proxy
from invo_booking.usecases.calendars.free_busy import free_busy
from tests.providers.google_world import CHICAGO, GoogleTokens, opened
from tests.support.forward_proxy import ForwardProxyServer, forward_proxy_server
from tests.support.google import SCHEDULER, Google, running_fake

DAYS, ENTRIES_A_DAY = 42, 2
TARGET = 10.0  # seconds for 500 agents
HOUR = timedelta(hours=1)
NAME = "google.example"  # what the proxy is asked for


def fill(google: Google, agents: list[str], start: Interval) -> None:
    """Give everybody two entries a day."""
    for number, agent in enumerate(agents):
        for day in range(DAYS):
            for entry in range(ENTRIES_A_DAY):
                at = start.start + timedelta(days=day, hours=(number + 5 * entry) % 20)
                google.busy(agent, at, at + HOUR)


def ask(calendar: GoogleCalendar, agents: list[str], window: Interval) -> list[str]:
    """Ask about all agents; return the cells of the table, or end with an error."""
    began = perf_counter()
    answers = free_busy(calendar, agents, window)
    seconds = perf_counter() - began
    spans = sum(len(it.busy) for it in answers.values())
    failed = [it.mailbox for it in answers.values() if it.problem]
    if failed or seconds > TARGET:
        sys.exit(f"missed: {seconds:.1f} s, {len(failed)} agents without an answer")
    return [str(len(agents)), str(DAYS), str(spans), f"{seconds:.2f}", f"{TARGET:.0f}"]


def opened_through(proxy: ForwardProxyServer, google: Google) -> GoogleCalendar:
    """Return a connected account that is reached through a forward proxy."""
    client = VendorClient(
        "Google",
        ca_file=google.ca_file,
        proxy=forward_proxy(f"http://127.0.0.1:{proxy.port}", {}),
        now=utc_now,
    )
    proxy.ways[NAME] = int(google.url.rpartition(":")[2])
    url = f"https://{NAME}"
    vendor = provider.Google(
        client, api=url, consent_page=f"{url}/auth", token_url=f"{url}/token"
    )
    tokens, host = GoogleTokens(google), google.host()
    return vendor.open(tokens, host, account=SCHEDULER, zone=CHICAGO)


def main() -> None:
    """Ask directly and through a proxy, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agents", type=int, default=500)
    parser.add_argument("--latency", type=float, default=0.2)
    asked = parser.parse_args()
    agents = [f"agent{number:04}@bank.example" for number in range(asked.agents)]
    now = utc_now().replace(minute=0, second=0, microsecond=0)
    window = Interval(now, now + timedelta(days=DAYS))
    table = Table("way", "agents", "days", "spans", "seconds", "at most", "calls")
    table.add_column("connections at the proxy")
    with (
        running_fake(host=NAME) as google,
        running_fake() as near,
        forward_proxy_server() as proxy,
    ):
        for way, fake in (("direct", near), ("through a proxy", google)):
            fill(fake, agents, window)
            is_direct = fake is near
            calendar = opened(fake) if is_direct else opened_through(proxy, fake)
            fake.latency = asked.latency
            cells = ask(calendar, agents, window)
            calls = len(fake.calls_to("POST", "/freeBusy"))
            table.add_row(way, *cells, str(calls), str(len(proxy.asked)))
        most = LIMITS.concurrency
    Console().print(table)
    load = os.getloadavg()[0]
    Console().print(
        f"{os.cpu_count()} cores, load {load:.1f}, {asked.latency} s a call"
    )
    if len(proxy.asked) > most:
        sys.exit(f"{len(proxy.asked)} connections through the proxy, at most {most}")


if __name__ == "__main__":
    main()
