"""Pictures of films, from the disk."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from movieapp.api.replies import INVALID, NOT_FOUND, NOT_READY
from movieapp.api.services import services
from movieapp.errors import NotFound
from movieapp.serving.histories import LARGEST_ID
from movieapp.sources.tmdb.pictures import media_type

router = APIRouter(tags=["films"])

# With the name of the picture in its address, the answer stays true for good; without, for a day.
FOR_GOOD = "public, max-age=31536000, immutable"
FOR_A_DAY = "public, max-age=86400"


@router.get(
    "/posters/{movie_id}",
    summary="The picture of a film",
    response_class=Response,
    responses={200: {"content": {"image/*": {}}}} | NOT_FOUND | INVALID | NOT_READY,
)
def poster(
    request: Request,
    movie_id: Annotated[int, Path(ge=1, le=LARGEST_ID)],
    v: Annotated[str, Query(max_length=100, description="The name of the picture, as in `poster_url`.")] = "",
) -> Response:
    """The poster that TMDB has, once it was fetched. `poster_url` in lists leads here where there is one."""
    file = services(request).recommender.catalogue.posters.get(movie_id)
    try:
        content = b"" if file is None else file.read_bytes()
    except OSError:
        content = b""
    kind = media_type(content)
    if file is None or kind is None:
        raise NotFound(
            f"There is no picture of film {movie_id} here. Posters come from TMDB: set MOVIEAPP_TMDB_KEY, or "
            "take the picture that the pages draw."
        )
    headers = {"Cache-Control": FOR_GOOD if v == file.stem else FOR_A_DAY}
    return Response(content, media_type=kind, headers=headers)
