"""The documentation of the API, from files on this machine: Swagger UI's usual page loads them from a CDN."""

from importlib import resources

from fastapi import APIRouter
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

router = APIRouter(include_in_schema=False)

# The package carries Swagger UI's files; nothing else of it is used.
PACKAGE = "fastapi_swagger.resources"
FILES = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "favicon-32x32.png": "image/png",
}


@router.get("/docs")
async def docs() -> HTMLResponse:
    """Show every route, and try it."""
    return get_swagger_ui_html(
        openapi_url="/openapi.json",
        title="movieapp: the API",
        swagger_js_url="/docs/swagger-ui-bundle.js",
        swagger_css_url="/docs/swagger-ui.css",
        swagger_favicon_url="/docs/favicon-32x32.png",
        swagger_ui_parameters={"tryItOutEnabled": True, "displayRequestDuration": True},
    )


@router.get("/docs/{name}")
def file(name: str) -> Response:
    """Return one of Swagger UI's own files."""
    if name not in FILES:
        raise HTTPException(404)
    content = resources.files(PACKAGE).joinpath(name).read_bytes()
    return Response(content, media_type=FILES[name], headers={"Cache-Control": "max-age=86400"})
