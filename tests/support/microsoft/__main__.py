"""The fake Microsoft as a process: ``python -m tests.support.microsoft``."""

from tests.support.microsoft.server import running_fake
from tests.support.vendor.process import serve

if __name__ == "__main__":
    serve(running_fake)
