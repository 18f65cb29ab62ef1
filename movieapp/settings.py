"""The settings: each with a default, bounds and a sentence; the environment overrides them as MOVIEAPP_*."""

from datetime import time
from pathlib import Path

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings.exceptions import SettingsError

from movieapp.errors import Invalid


class Settings(BaseSettings):
    """Read once, at the edge; nothing below the command line and the wiring sees them."""

    model_config = SettingsConfigDict(env_prefix="MOVIEAPP_", frozen=True, extra="forbid")

    data: Path = Field(Path("data"), description="Folder of this instance: database, models, logs.")
    host: str = Field(
        "127.0.0.1", min_length=1, description="Address to listen on; another one opens the app to others."
    )
    port: int = Field(8080, ge=1, le=65_535, description="Port to listen on.")
    allowed_hosts: tuple[str, ...] = Field(
        (), description='Further names under which browsers may reach the app, as a JSON list: ["film.lan"].'
    )
    seed: int = Field(7, ge=0, le=2**31 - 1, description="Seed of every training.")
    train_fully: bool = Field(
        True,
        description="Whether trainings include the two-stage model and expected stars, which take minutes.",
    )
    diversity: float = Field(
        0.0,
        ge=0,
        le=1,
        allow_inf_nan=False,
        description="Variety of lists: 0 for none, 1 for the most.",
    )
    popularity: float = Field(
        0.0, ge=-1, le=1, allow_inf_nan=False, description="Where lists lean: -1 to niche, 1 to mainstream."
    )
    discover: bool = Field(
        True, description="Whether places 21 and on of a list are for less known films; the first 20 stay."
    )
    tmdb_key: SecretStr | None = Field(
        None,
        description="API Read Access Token of TMDB; with it, plots, people and posters are fetched.",
    )
    log_capacity: int = Field(
        20_000, ge=100, le=1_000_000, description="Requests that may wait to be logged; more are dropped."
    )
    retrain_at: time = Field(
        time(3), description="When a new version is trained every night, by this machine's clock."
    )
    replay_at: time = Field(
        time(4), description="When lists are held against later likes every day, by this machine's clock."
    )
    report_at: time = Field(time(5), description="When the daily report is written, by this machine's clock.")
    housekeeping_at: time = Field(
        time(5, 30), description="When what is too old is deleted every day, by this machine's clock."
    )
    publish_minutes: int = Field(
        5, ge=1, le=1_440, description="Minutes between two copies of the database for analysts."
    )
    require_significance: bool = Field(
        False, description="Whether a new version has to be better beyond chance to serve."
    )
    replay_days: int = Field(
        7, ge=1, le=90, description="Days after a list within which a like counts for it."
    )
    keep_days: int = Field(
        30,
        ge=7,
        le=3_650,
        description="Days that logged requests are kept; longer if their replay is not final.",
    )
    keep_versions: int = Field(
        5, ge=0, le=1_000, description="Archived versions that keep their files beside the one to go back to."
    )

    @field_validator("tmdb_key")
    @classmethod
    def _none_if_blank(cls, key: SecretStr | None) -> SecretStr | None:
        return key if key is not None and key.get_secret_value().strip() else None


def read(**given: object) -> Settings:
    """Return the settings: what was given, else the environment, else the defaults."""
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except SettingsError as error:
        raise Invalid(
            f"{error}. Lists are written as JSON, for example MOVIEAPP_ALLOWED_HOSTS='[\"film.lan\"]'."
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(map(str, first["loc"]))
        meaning = Settings.model_fields[name].description if name in Settings.model_fields else ""
        raise Invalid(
            f"The setting {name} (or MOVIEAPP_{name.upper()}) cannot be {first['input']!r}: "
            f"{first['msg']}. It means: {meaning}"
        ) from error
