"""Settings: bounds, the environment, and a sentence for each."""

from datetime import time
from pathlib import Path

import pytest

from movieapp.errors import Invalid
from movieapp.settings import Settings, read


def test_every_setting_has_a_default_and_a_sentence() -> None:
    for name, field in Settings.model_fields.items():
        assert not field.is_required(), name
        assert field.description is not None, name
        assert field.description.endswith("."), name


def test_what_is_given_beats_the_environment_beats_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read().port == 8080
    monkeypatch.setenv("MOVIEAPP_PORT", "9000")
    monkeypatch.setenv("MOVIEAPP_DATA", "elsewhere")
    assert (read().port, read().data) == (9000, Path("elsewhere"))
    assert read(port=9001, host=None).port == 9001


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", 0),
        ("port", "many"),
        ("seed", -1),
        ("log_capacity", 1),
        ("keep_days", 6),
        ("retrain_at", "25:00"),
    ],
)
def test_a_value_out_of_bounds_is_refused_with_its_meaning(name: str, value: object) -> None:
    with pytest.raises(Invalid, match=f"MOVIEAPP_{name.upper()}.*It means: "):
        read(**{name: value})


def test_the_readme_lists_every_setting_with_its_default() -> None:
    readme = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    for name, field in Settings.model_fields.items():
        (row,) = [line for line in readme.splitlines() if line.startswith(f"| `MOVIEAPP_{name.upper()}`")]
        shown = _shown(field.default)
        assert f"| `{shown}` |" in row


def _shown(default: object) -> str:
    if default is None:
        return "not set"
    if isinstance(default, time):
        return f"{default:%H:%M}"
    if isinstance(default, bool):
        return str(default).lower()
    return "[]" if default == () else str(default)


def test_a_secret_is_shown_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOVIEAPP_TMDB_KEY", "long-read-access-token")
    settings = read()
    assert settings.tmdb_key is not None
    assert settings.tmdb_key.get_secret_value() == "long-read-access-token"
    assert "access" not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"


@pytest.mark.parametrize("blank", ["", "  "])
def test_a_blank_secret_is_none(monkeypatch: pytest.MonkeyPatch, blank: str) -> None:
    monkeypatch.setenv("MOVIEAPP_TMDB_KEY", blank)
    assert read().tmdb_key is None


def test_times_are_read_as_they_are_written_in_the_readme(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOVIEAPP_RETRAIN_AT", "02:30")
    monkeypatch.setenv("MOVIEAPP_REQUIRE_SIGNIFICANCE", "true")
    assert read().retrain_at == time(2, 30)
    assert read().require_significance
