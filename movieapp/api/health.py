"""How the app is."""

import logging
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from movieapp.api.replies import reply, shows
from movieapp.api.services import Services, services
from movieapp.api.shown import DatasetShown, HealthShown
from movieapp.database import Unwritable
from movieapp.errors import NotReady
from movieapp.serving.status import Phase

log = logging.getLogger(__name__)

router = APIRouter(tags=["the app"])


@router.get("/health", summary="How the app is", responses=shows(HealthShown))
def health(request: Request) -> Response:
    """Answer 200 whenever the server runs, also during the first ingest and training."""
    app = services(request)
    state, live = app.status.current, app.recommender.live
    dataset, trouble = _dataset(app)
    is_ok = trouble is None or state.phase is not Phase.OK
    body = {
        "status": str(state.phase if is_ok else Phase.DEGRADED),
        "problem": state.problem or trouble,
        "progress": {"stage": state.stage, "share": state.share} if state.stage is not None else None,
        "live_version": live.version if live else None,
        "algorithm": live.algorithm if live else None,
        "trained_at": live.trained_at if live else None,
        "dataset": dataset,
        "counts": {
            "users": app.profiles.n_users,
            "movies": _n_movies(app),
            "ratings": app.profiles.n_ratings,
        },
        "queue_depth": app.log.depth,
        "n_logged": app.log.written,
        "n_dropped": app.log.dropped,
        "started_at": state.started_at,
        "uptime_s": (app.clock() - state.started_at).total_seconds(),
    }
    return reply(request, body)


def _dataset(app: Services) -> tuple[dict[str, Any] | None, str | None]:
    """Return the release, if there is one, and what is wrong with the database, if anything."""
    try:
        rows = app.database.read("catalog/dataset").select(*DatasetShown.model_fields).rows(named=True)
    except Unwritable as error:
        log.warning("health cannot read the database: %s", error)
        return None, str(error)
    return (rows[0] if rows else None), None


def _n_movies(app: Services) -> int:
    try:
        return len(app.recommender.catalogue.films)
    except NotReady:
        return 0
