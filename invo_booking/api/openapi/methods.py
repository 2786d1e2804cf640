"""Find the methods of a path, for the ``Allow`` header of a response with 405."""

from collections.abc import Iterator

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute


def routes_of_api(router: APIRouter | FastAPI) -> Iterator[APIRoute]:
    """Yield all routes, including those of nested routers."""
    for route in router.routes:
        inner = getattr(route, "original_router", None)
        if isinstance(inner, APIRouter):
            yield from routes_of_api(inner)
        elif isinstance(route, APIRoute):
            yield route


def methods_of_route(app: FastAPI, path: str) -> str:
    """Return the methods of a path for the ``Allow`` header.

    If a route without parameters has exactly this path, routes with a parameter that
    would match the path do not count.

    Args:
        app: The API.
        path: Path of the request.
    """
    routes = list(routes_of_api(app))
    own = [it for it in routes if it.path == path]
    matching = own or [it for it in routes if it.path_regex.match(path)]
    return ", ".join(sorted({method for it in matching for method in it.methods or ()}))


def is_path_without_parameters(app: FastAPI, path: str) -> bool:
    """Return whether a route without path parameters has exactly this path."""
    return any(it.path == path for it in routes_of_api(app))
