"""The fake Exchange as a process: ``python -m tests.support.exchange``."""

from tests.support.exchange.server import running_fake
from tests.support.vendor.process import serve

if __name__ == "__main__":
    serve(running_fake)
