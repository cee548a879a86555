"""Calendar feeds over HTTP: each employee's at a secret address, and nothing else."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from hashlib import sha256
from http import HTTPStatus

from fastapi import FastAPI, Request, Response

from tasks.feeds import feed_for

HEADERS = {
    "Cache-Control": "private, no-cache",  # kept by who asked, and asked for again each time
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}
_CALENDAR = "text/calendar; charset=utf-8"


def desk() -> FastAPI:
    """Make the application."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.middleware("http")(_with_headers)
    app.api_route("/calendar/{number:path}/{token}.ics", methods=["GET", "HEAD"])(_calendar)
    return app


async def _with_headers(
    request: Request, call_next: Callable[[Request], Awaitable[Response]]
) -> Response:
    response = await call_next(request)
    response.headers.update(HEADERS)
    return response


def _calendar(request: Request, number: str, token: str) -> Response:
    """Answer with a feed; whoever has it as it is need not get it again (RFC 9110, 13.1.2)."""
    written = feed_for(number, token, datetime.now(UTC))
    if written is None:
        return Response(
            "There is no such calendar.\n", HTTPStatus.NOT_FOUND, media_type="text/plain"
        )
    content = written.encode()
    tag = f'"{sha256(content).hexdigest()[:32]}"'
    if _is_known(tag, request.headers.get("if-none-match", "")):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers={"ETag": tag})
    return Response(content, headers={"ETag": tag}, media_type=_CALENDAR)


def _is_known(tag: str, known: str) -> bool:
    tags = {each.strip().removeprefix("W/") for each in known.split(",")}
    return tag in tags or "*" in tags
