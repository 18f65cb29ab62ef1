"""A slash at the end of an address changes nothing: many clients do not follow a redirected PUT or POST."""

from starlette.types import ASGIApp, Receive, Scope, Send

# The pages resolve their files against addresses that end in a slash.
PAGES = "/ui/"


class WithoutSlash:
    """Lets the routes see the address without slashes at its end."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, one websocket or the lifespan."""
        path = scope.get("path", "")
        if path.endswith("/") and not path.startswith(PAGES):
            # In place, since the layers around this one look at the scope after the answer.
            scope["path"] = path.rstrip("/") or "/"
        await self._app(scope, receive, send)
