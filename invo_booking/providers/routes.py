"""Route each request to a provider directly or through a forward proxy."""

import ssl
from http import HTTPStatus
from typing import Any

import httpcore
import httpx

from invo_booking.providers.deadline import DeadlineBackend
from invo_booking.providers.proxy import ForwardProxy
from invo_booking.texts import say


class _Transport(httpx.HTTPTransport):
    """HTTPX's transport, over connections that respect the call's deadline."""

    def __init__(
        self,
        context: ssl.SSLContext,
        connections: int,
        proxy: ForwardProxy | None,
        backend: DeadlineBackend,
    ) -> None:
        super().__init__(verify=context)
        limits: dict[str, Any] = {
            "ssl_context": context,
            "max_connections": connections,
            "max_keepalive_connections": connections,
            "keepalive_expiry": 20.0,
            "network_backend": backend,
        }
        if proxy is None:
            self._pool = httpcore.ConnectionPool(**limits)
        else:
            is_tls = proxy.address.startswith("https:")
            self._pool = httpcore.HTTPProxy(
                proxy.address,
                proxy_auth=proxy.login,
                proxy_ssl_context=context if is_tls else None,
                **limits,
            )


class Routes(httpx.BaseTransport):
    """Sends each request directly or through the proxy."""

    def __init__(
        self,
        context: ssl.SSLContext,
        connections: int,
        proxy: ForwardProxy | None,
        backend: DeadlineBackend,
    ) -> None:
        self._proxy = proxy
        self._direct = _Transport(context, connections, None, backend)
        self._proxied = None
        if proxy:
            to_proxy = DeadlineBackend()  # the operator's proxy may be private
            self._proxied = _Transport(context, connections, proxy, to_proxy)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, through the proxy if the URL requires the proxy."""
        if self._proxy and self._proxied and self._proxy.is_for(str(request.url)):
            return self._proxied.handle_request(request)
        return self._direct.handle_request(request)

    def close(self) -> None:
        """Close all connections."""
        self._direct.close()
        if self._proxied:
            self._proxied.close()


def proxy_trouble(
    proxy: ForwardProxy, request: httpx.Request, error: httpx.ProxyError
) -> str:
    """Return an error message that says why the proxy refused a request."""
    status = str(error)[:3]
    if status == str(HTTPStatus.PROXY_AUTHENTICATION_REQUIRED.value):
        return say("providers.routes.password_needed", place=proxy.place)
    suffix = f" ({status})" if status.isdecimal() else ""
    return say(
        "providers.routes.refused",
        place=proxy.place,
        host=request.url.host,
        suffix=suffix,
    )
