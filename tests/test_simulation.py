"""A past period lived again on a small release: what happens is of its time, and the same every time."""

import json
import signal
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime, time, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from movieapp.cli import main
from movieapp.database import Database, open_database
from movieapp.instance import clock_of
from movieapp.simulation import N_FILMS, Asking, Past, Rating, nights, set_back, visits
from movieapp.ui.choice import Choice
from tests.e2e.launcher import Launched
from tests.jobs.held import wait_until
from tests.returning import N_MOVIES, returning_people
from tests.rows import rows

# The first of the simulated days, and somebody who comes on the second of them for the first time.
START = datetime(2001, 9, 18, tzinfo=UTC)
NEWCOMER = 900
SEED = 3


def write_release(folder: Path) -> Path:
    """Write people who come back as `ml-latest-small`: a year of theirs in 36.5 days from 2001-08-20 on."""
    people = returning_people()
    first = datetime(2001, 8, 20, tzinfo=UTC).timestamp()
    ratings = [
        (int(people.user_ids[row]), int(people.movie_ids[column]), float(stars), int(first + at / 10))
        for row, column, stars, at in zip(
            people.rows, people.columns, people.stars, people.rated_at, strict=True
        )
    ]
    noon = int((START + timedelta(days=1, hours=12)).timestamp())
    ratings += [(NEWCOMER, 2 * n, 5.0, noon + 60 * n) for n in range(1, 9)]
    movies = [f"{movie},Number {movie} ({1960 + movie}),Comedy" for movie in range(1, N_MOVIES + 1)]
    release = folder / "ml-latest-small"
    release.mkdir(parents=True)
    for name, header, lines in (
        ("movies", "movieId,title,genres", movies),
        ("ratings", "userId,movieId,rating,timestamp", [",".join(map(str, one)) for one in ratings]),
        ("tags", "userId,movieId,tag,timestamp", [f"1,1,early,{first:.0f}", f"1,1,late,{noon}"]),
        ("links", "movieId,imdbId,tmdbId", [f"{movie},{movie:07d},{movie}" for movie in range(1, 4)]),
    ):
        (release / f"{name}.csv").write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return release


@pytest.fixture(scope="module", autouse=True)
def _quickly() -> Iterator[None]:
    """Let the nights' trainings leave out what takes seconds even here; it has tests of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOVIEAPP_TRAIN_FULLY", "false")
        yield


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_release(tmp_path_factory.mktemp("release"))


def command(release: Path, data: Path) -> list[str]:
    """Return the command that lives two days of the release again."""
    asked = ("--from", release, "--start", START.date(), "--days", 2, "--seed", SEED, "--json")
    return ["simulate", "--data", str(data), *map(str, asked)]


@pytest.fixture(scope="module")
def lived(release: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """Two days lived to their end: the data folder, and what the command said of them."""
    data = tmp_path_factory.mktemp("lived") / "data"
    with redirect_stdout(StringIO()) as said:
        assert main(command(release, data)) == 0
    return data, json.loads(said.getvalue())


class Watching(StringIO):
    """What a command says to somebody who presses Ctrl+C after the line that follows a certain one."""

    def __init__(self, line: str) -> None:
        super().__init__()
        self._line = line
        self._has_stopped = False

    def write(self, said: str) -> int:
        n_written = super().write(said)
        _, _, since = self.getvalue().partition(f"{self._line}\n")
        if since.endswith("\n") and not self._has_stopped:
            self._has_stopped = True
            signal.raise_signal(signal.SIGINT)
        return n_written


@pytest.fixture(scope="module")
def stopped(release: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int, str]:
    """The same two days, stopped by Ctrl+C after the first night's training: folder, exit code, last line."""
    data = tmp_path_factory.mktemp("stopped") / "data"
    with redirect_stderr(Watching("19 September 2001: retrain")) as said:
        code = main(command(release, data))
    return data, code, said.getvalue().strip().splitlines()[-1]


@pytest.fixture
def instance(lived: tuple[Path, dict[str, Any]]) -> Iterator[Database]:
    database = open_database(lived[0])
    yield database
    database.close()


LISTS = "select requested_at, user_id, endpoint, recommendations, is_fallback from requests order by all"
DECISIONS = "select champion, challenger, is_promoted, reasoning from promotion_decisions order by decided_at"


def naive(day: float) -> datetime:
    """Return an instant by the days since the start, as the tables hold it."""
    return (START + timedelta(days=day)).replace(tzinfo=None)


def test_people_ask_just_before_they_rate_and_their_ratings_arrive_at_their_own_time(
    instance: Database, release: Path
) -> None:
    whole = pl.read_csv(release / "ratings.csv").select(
        "userId", "movieId", "rating", pl.from_epoch("timestamp").cast(pl.Datetime("us")).alias("at")
    )
    there = rows(instance, "select user_id, movie_id, rating, rated_at, arrived_at from ratings order by all")
    until_then = whole.filter(pl.col("at") < naive(2)).sort(pl.all())
    assert there.select(pl.exclude("arrived_at")).rows() == until_then.rows()
    came = there.filter(pl.col("rated_at") >= naive(0))
    assert came["arrived_at"].equals(came["rated_at"])
    assert there.filter(pl.col("rated_at") < naive(0))["arrived_at"].unique().to_list() == [naive(0)]
    asked = rows(instance, f"from ({LISTS}) where endpoint = 'recommend'")
    assert set(asked["user_id"]) == set(came["user_id"])
    later = asked.select("user_id", pl.col("requested_at") + timedelta(seconds=1))
    pairs = came.select("user_id", pl.col("rated_at").alias("requested_at")).unique()
    assert later.join(pairs, on=["user_id", "requested_at"]).height == asked.height
    assert set(asked["recommendations"].list.len()) <= set(range(N_MOVIES + 1))


def test_somebody_new_gets_popular_films_first_and_personal_ones_after_some_ratings(
    instance: Database,
) -> None:
    asked = rows(instance, f"from ({LISTS}) where user_id = {NEWCOMER}")
    noon = naive(1.5)
    assert asked["requested_at"].to_list() == [
        noon + timedelta(seconds=59),
        noon + timedelta(minutes=5, seconds=59),
    ]
    assert asked["is_fallback"].to_list() == [True, False]
    # What they rated by then is in no list any more.
    assert not {2, 4, 6, 8, 10} & set(asked["recommendations"][1])
    opened = rows(instance, f"from ({LISTS}) where endpoint = 'similar'")
    assert noon + timedelta(minutes=5, seconds=59) in opened["requested_at"].to_list()


def test_nights_are_recorded_at_their_simulated_time(instance: Database) -> None:
    runs = rows(instance, "select job, started_at, outcome from job_runs order by started_at, job")
    assert set(runs["outcome"]) <= {"done", "skipped"}
    night = [("retrain", 3.0), ("replay", 4.0), ("report", 5.0), ("housekeeping", 5.5), ("publish", 5.5)]
    assert runs.select("job", "started_at").rows() == [
        ("prepare", naive(0)),
        *((job, naive(day + hour / 24)) for day in (1, 2) for job, hour in night),
    ]
    assert rows(instance, "select distinct model_version from requests").height == 1 + promoted(instance)
    realized = rows(instance, "from replay_versions where metric = 'hit_rate' and not is_fallback")
    assert realized["value"].max() > 0.5  # type: ignore[operator]
    assert realized["control"].null_count() == 0


def promoted(database: Database) -> int:
    """Return how many versions took over while people still asked."""
    taken_over = "champion is not null and is_promoted"
    query = f"from promotion_decisions where {taken_over} and decided_at < '{naive(2)}'"
    return rows(database, query).height


def test_the_command_tells_what_became_of_it(lived: tuple[Path, dict[str, Any]], instance: Database) -> None:
    data, said = lived
    assert [one["reasoning"] for one in said["decisions"]] == rows(instance, DECISIONS)["reasoning"].to_list()
    assert list(said["versions"]) == ["1", "2", "3"]
    assert said["n_people"] == rows(instance, "select distinct user_id from requests").height - 1
    assert {one["model_version"] for one in said["replay"]} <= {"1", "2"}
    assert said["last_week"]["fallback_rate"]["value"] < 0.1
    assert sorted(file.name for file in (data / "reports").glob("*.html")) == [
        "2001-09-19.html",
        "2001-09-20.html",
    ]


def test_ctrl_c_leaves_a_sentence_and_what_was_lived(stopped: tuple[Path, int, str]) -> None:
    data, code, sentence = stopped
    assert code == 130
    assert sentence.startswith("movieapp: stopped on 19 September 2001 of the simulated time.")
    assert f"launcher.py --data {data}" in sentence


def test_nothing_of_the_future_is_known_and_the_same_seed_does_the_same(
    lived: tuple[Path, dict[str, Any]], stopped: tuple[Path, int, str]
) -> None:
    first, second = open_database(lived[0]), open_database(stopped[0])
    (reached,) = rows(second, "select simulated_until from dataset")["simulated_until"]
    assert naive(1) < reached < naive(2)
    assert rows(second, "select max(rated_at) from ratings").item() <= reached
    assert rows(second, "from tags").height == 1
    decided = rows(second, DECISIONS)
    assert decided.height == 2
    assert rows(first, DECISIONS).head(2).rows() == decided.rows()
    before = pl.col("requested_at") < reached
    lists = rows(second, LISTS).filter(before)
    assert lists.height > 20
    assert rows(first, LISTS).filter(before).rows() == lists.rows()
    for database in (first, second):
        database.close()


def test_the_instance_lives_on_in_its_own_time_when_it_is_served(stopped: tuple[Path, int, str]) -> None:
    with Launched(stopped[0], train_fully=True) as launched:
        launched.wait_for("ok")
        started_at = datetime.fromisoformat(launched.health()["started_at"])
        # Asking today does not hide what was asked then, and no job of the calendar deletes it.
        assert launched.client.get("/popular").status_code == 200
        assert START + timedelta(days=1) < started_at < START + timedelta(days=2)
        wait_until(lambda: launched.health()["n_logged"])
        found = launched.client.get("/monitoring/endpoints?since=2d").json()
        assert {"recommend", "similar", "popular"} <= {one["endpoint"] for one in found["endpoints"]}
        jobs = launched.client.get("/jobs").json()["jobs"]
        assert {job["next_run_at"] for job in jobs} == {None}
        assert {job["schedule"] for job in jobs} == {"only when it is asked for"}
        assert {job["name"] for job in jobs if job["running"] or job["is_waiting"]} <= {"publish"}


def test_a_list_is_asked_for_before_a_rating_and_again_after_every_few() -> None:
    at = datetime(1998, 2, 10, 23, 59, 0)
    # Seven films in one second, one a minute later, and one after midnight.
    told = [(1, movie, 4.0 if movie == 3 else 2.0, at) for movie in range(1, 8)]
    told += [(1, 8, 5.0, at + timedelta(seconds=30)), (1, 9, 1.0, at + timedelta(minutes=2))]
    told += [(2, 1, 3.0, at + timedelta(seconds=30))]
    schema = ("user_id", "movie_id", "rating", "rated_at")
    steps = list(visits(pl.DataFrame(told, schema=schema, orient="row")))
    asked = [
        (one.user_id, one.at.replace(tzinfo=None) - at, one.liked) for one in steps if isinstance(one, Asking)
    ]
    assert asked == [
        (1, timedelta(seconds=-1), None),
        (1, timedelta(seconds=29), 3),
        (1, timedelta(seconds=119), None),
        (2, timedelta(seconds=29), None),
    ]
    rated = [one for one in steps if isinstance(one, Rating)]
    assert [(one.user_id, one.movie_id, one.stars, one.at.replace(tzinfo=None)) for one in rated] == told


def test_a_night_follows_each_day() -> None:
    past = Past("ml-100k", START, START + timedelta(days=2), pl.DataFrame())
    due = list(nights(past, {"report": time(5), "retrain": time(3)}))
    assert [(one.job, one.at - START) for one in due] == [
        (job, timedelta(days=day, hours=hour))
        for day in (1, 2)
        for job, hour in (("retrain", 3), ("report", 5), ("publish", 5))
    ]


def test_people_see_as_many_films_as_the_pages_show() -> None:
    assert Choice().k == N_FILMS


def refusal(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    capsys.readouterr()
    assert main(["simulate", *map(str, arguments)]) == 2
    return capsys.readouterr().err.strip().splitlines()[-1]


def test_it_wants_a_folder_of_its_own(
    lived: tuple[Path, dict[str, Any]], release: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = rows_of(lived[0])
    sentence = refusal(capsys, "--from", release, "--data", lived[0])
    assert "holds an instance already" in sentence
    assert "--data" in sentence
    assert rows_of(lived[0]) == before
    assert "name a new folder for it with --data" in refusal(capsys, "--from", release)


def rows_of(data: Path) -> int:
    database = open_database(data)
    n_rows = rows(database, "from requests").height
    database.close()
    return n_rows


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            ["--start", "2001-08-21"],
            "too little to train a first version on; ml-latest-small has ratings from",
        ),
        (["--start", "2001-10-01"], "Nobody rated a film in the 14 days from 2001-10-01 on"),
        (["--release", "ml-1m"], "holds ml-latest-small, not ml-1m"),
    ],
)
def test_a_period_that_cannot_be_lived_is_refused_and_leaves_nothing(
    asked: list[str], said: str, release: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said in refusal(capsys, "--from", release, "--data", tmp_path / "data", *asked)
    assert list(tmp_path.iterdir()) == []


def test_by_default_the_period_follows_the_oldest_seventy_percent(release: Path, database: Database) -> None:
    past = set_back(database, origin=release, days=3, now=datetime(2026, 1, 1, tzinfo=UTC))
    n_left, n_all = rows(database, "from ratings").height, pl.read_csv(release / "ratings.csv").height
    assert 0.70 <= n_left / n_all < 0.74
    assert past.since.time() == time()
    assert (
        past.ratings["rated_at"]
        .is_between(*(one.replace(tzinfo=None) for one in (past.since, past.until)), closed="left")
        .all()
    )
    # The clock of such an instance goes on from the end of the period.
    assert timedelta() <= clock_of(database)() - past.until < timedelta(minutes=1)
