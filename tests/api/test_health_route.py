"""How the app says how it is."""

from movieapp.api.shown import HealthShown
from movieapp.database import Unwritable
from tests.api.api_app import App


def test_a_healthy_app(app: App) -> None:
    body = app.client.get("/health").json()
    assert HealthShown.model_validate(body, extra="forbid")
    assert (body["status"], body["live_version"], body["algorithm"]) == ("ok", "3", "als")
    assert body["dataset"]["release"] == "two-tastes"
    assert body["counts"] == {"users": 20, "movies": 21, "ratings": 300}
    assert (body["uptime_s"], body["trained_at"]) == (5.0, "2026-01-02T03:04:05Z")
    assert (body["progress"], body["problem"]) == (None, None)


def test_a_starting_app_answers_200(empty: App) -> None:
    response = empty.client.get("/health")
    assert response.status_code == 200
    body = response.json()
    assert HealthShown.model_validate(body, extra="forbid")
    assert (body["status"], body["live_version"], body["dataset"]) == ("starting", None, None)
    assert body["counts"] == {"users": 0, "movies": 0, "ratings": 0}


def test_training_shows_how_far_it_is(app: App) -> None:
    app.status.working("training: als", 0.25)
    body = app.client.get("/health").json()
    assert (body["status"], body["progress"]) == ("training", {"stage": "training: als", "share": 0.25})


def test_trouble_is_told_in_a_sentence(app: App) -> None:
    app.status.degraded("The registry cannot be read.")
    body = app.client.get("/health").json()
    assert (body["status"], body["problem"]) == ("degraded", "The registry cannot be read.")


def test_the_queue_is_counted(app: App) -> None:
    app.client.get("/popular")
    assert app.client.get("/health").json()["queue_depth"] == 1
    app.log.flush()
    body = app.client.get("/health").json()
    assert (body["queue_depth"], body["n_logged"], body["n_dropped"]) == (0, 1, 0)


def test_health_answers_although_the_database_does_not(app: App, empty: App) -> None:
    class Broken:
        def read(self, name: str, **values: object) -> None:
            raise Unwritable("The database cannot be used: no space left.")

    services = app.api.state.services
    object.__setattr__(services, "database", Broken())
    response = app.client.get("/health")
    assert response.status_code == 200
    assert (response.json()["status"], response.json()["problem"]) == (
        "degraded",
        "The database cannot be used: no space left.",
    )
