"""The fake Google as a process: ``python -m tests.support.google``."""

from tests.support.google.server import running_fake
from tests.support.vendor.process import serve

if __name__ == "__main__":
    serve(running_fake)
