"""Look up a server's addresses with a time limit."""

import queue
import socket
import threading


def lookup_server_addresses(host: str, port: int, seconds: float) -> list[str]:
    """Return a server's addresses, best first, each once.

    Args:
        host: Name or address.
        port: Port of the server.
        seconds: Time limit.

    Raises:
        TimeoutError: If there is no answer in time.
        OSError: If the name is unknown.
    """
    answer: queue.SimpleQueue[list[str] | OSError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answer.put([str(entry[4][0]) for entry in entries])
        except OSError as error:
            answer.put(error)
        except UnicodeError:
            answer.put(socket.gaierror(socket.EAI_NONAME, "this is not a valid name"))

    threading.Thread(target=ask, name="lookup", daemon=True).start()
    try:
        addresses = answer.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError("the name was not resolved in time") from None
    if isinstance(addresses, OSError):
        raise addresses
    return list(dict.fromkeys(addresses))
