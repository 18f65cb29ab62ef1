"""The settings: each with a default, bounds and a sentence; the environment overrides them as MOVIEAPP_*."""

from pathlib import Path

from pydantic import Field, ValidationError
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
    log_capacity: int = Field(
        20_000, ge=100, le=1_000_000, description="Requests that may wait to be logged; more are dropped."
    )


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
