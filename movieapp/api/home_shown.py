"""What answers about the first page, the aims of lists and kept settings look like."""

from datetime import datetime

from pydantic import BaseModel, Field

from movieapp.api.shown import ResultShown
from movieapp.serving.home import RowKind
from movieapp.serving.lists import Window


class RowShown(BaseModel):
    """Films that stand together for a reason."""

    kind: RowKind
    title: str = Field(examples=["Because you liked Heat"])
    why: str
    movie_id: int | None = Field(description="The liked film that the row goes by.")
    genre: str | None = Field(description="The genre that the row goes by.")
    window: Window | None = Field(description="The time that the row goes by.")
    results: list[ResultShown]


class HomeShown(BaseModel):
    """Rows of films, no film twice. The same all day, as long as nothing is told about films."""

    request_id: str
    user_id: int
    model_version: str | None
    is_fallback: bool
    notice: str | None
    rows: list[RowShown]
    latency_ms: float


class PresetKept(BaseModel):
    """A list setting under a name; the fields are those of `POST /recommend`."""

    name: str
    genres: list[str]
    exclude_genres: list[str]
    year_from: int | None
    year_to: int | None
    runtime_min: int | None
    runtime_max: int | None
    diversity: float
    popularity: float
    adventure: float
    age: float
    discover: bool
    exclude_seen: bool
    changed_at: datetime


class PresetShown(PresetKept):
    """A list setting."""

    request_id: str


class PresetsShown(BaseModel):
    """Somebody's list settings, by name."""

    request_id: str
    user_id: int
    presets: list[PresetKept]


class PresetGone(BaseModel):
    """The list setting is deleted."""

    request_id: str
    user_id: int
    name: str


class PriceShown(BaseModel):
    """By which part an aim changed lists: -0.04 is 4 % less than by accuracy alone."""

    aim: str = Field(examples=["popularity -0.5"])
    hits: float = Field(description="Films liked later among the first ten.")
    ndcg: float = Field(description="NDCG of the first ten.")
    new_to_you: float = Field(
        description="How likely the first ten are not known, going by how many people rated them."
    )
    diversity: float = Field(description="How unlike each other the first ten are, by genre.")
    coverage: float = Field(description="Share of all films in somebody's first hundred.")


class AimsShown(BaseModel):
    """What aims cost: whose lists were measured, on which release and window, for how many people."""

    request_id: str
    release: str
    window: str
    model: str
    n_users: int
    is_own: bool = Field(description="Whether it was measured on this instance's release.")
    aims: list[PriceShown]
