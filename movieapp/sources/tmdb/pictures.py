"""Posters on the disk, under the names that TMDB gives them."""

import os
from dataclasses import dataclass
from pathlib import Path

from movieapp.errors import Conflict
from movieapp.sources.metadata import picture

SIZE = "w342"


@dataclass(frozen=True, slots=True)
class PosterCache:
    """A folder of pictures; it need not be there before the first `put`."""

    folder: Path

    def files(self) -> dict[str, Path]:
        """Return all posters that are here, by their names at TMDB."""
        try:
            names = os.listdir(self.folder / SIZE)
        except OSError:
            return {}
        return {f"/{name}": self.folder / SIZE / name for name in names if picture(f"/{name}")}

    def has(self, poster_path: str) -> bool:
        """Whether the poster of this name is here."""
        return picture(poster_path) is not None and self._place(poster_path).is_file()

    def put(self, poster_path: str, content: bytes) -> None:
        """Keep a picture, whole or not at all; `Conflict` where the folder takes nothing."""
        file = self._place(poster_path)
        aside = file.with_name(f"{file.name}.part")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            aside.write_bytes(content)
            os.replace(aside, file)
        except OSError as error:
            raise Conflict(
                f"Posters cannot be saved in {file.parent}: {error.strerror or error}. Check the folder's "
                "permissions and free space."
            ) from error

    def _place(self, poster_path: str) -> Path:
        return self.folder / SIZE / poster_path.removeprefix("/")


def media_type(content: bytes) -> str | None:
    """Return what kind of picture begins like this, or None: the name and the server may say anything."""
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return None
