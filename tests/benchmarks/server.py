"""The app with one more route that does nothing: the floor under every other route of the same server."""

import os
import sys
from contextlib import suppress
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")


def main(data: Path, port: int) -> None:
    """Serve `data` on 127.0.0.1 until interrupted."""
    from fastapi import APIRouter, Response

    from movieapp import app
    from movieapp.settings import read

    routes = APIRouter()

    @routes.post("/noop")
    async def noop() -> Response:
        return Response(b"{}", media_type="application/json")

    build_api = app.build_api

    def with_noop(**parts: object) -> object:
        web = build_api(**parts)  # type: ignore[arg-type]
        web.include_router(routes)
        return web

    app.build_api = with_noop  # type: ignore[assignment]
    with suppress(KeyboardInterrupt):
        app.serve(read(data=data, port=port), on_ready=lambda address: print(address, flush=True))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
