"""How TMDB is reached: with whose key, where, and how fast."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from pydantic import SecretStr

API = "https://api.themoviedb.org/3"
IMAGES = "https://image.tmdb.org/t/p"
# TMDB lets pass about 40 a second; there is no hurry.
PER_SECOND = 10.0
PATIENCE_S = 10.0


@dataclass(frozen=True, slots=True)
class Access:
    """Everything but the key is for tests, which have a TMDB of their own and no time."""

    key: SecretStr
    address: str = API
    images: str = IMAGES
    per_second: float = PER_SECOND
    patience_s: float = PATIENCE_S
    pause: Callable[[float], None] = time.sleep
