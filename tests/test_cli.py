"""The commands, from an empty folder to lists; and their refusals, one sentence and exit code 2 each."""

import dataclasses
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import movieapp
from movieapp.cli import main
from movieapp.cli.comparing import keep
from movieapp.database import open_database
from movieapp.lifecycle.comparison import compare, release_in_memory
from tests.databases import with_registry
from tests.rows import rows
from tests.tiny_release import write_release


@pytest.fixture(scope="module", autouse=True)
def _quickly() -> Iterator[None]:
    """Let trainings leave out what takes seconds even here; it has tests of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOVIEAPP_TRAIN_FULLY", "false")
        yield


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the tiny release, trained, as the commands leave it."""
    folder = tmp_path_factory.mktemp("instance")
    data = folder / "data"
    assert main(["ingest", "--data", str(data), "--from", str(write_release(folder))]) == 0
    assert main(["train", "--data", str(with_registry(data))]) == 0
    return data


def printed(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """Run a command that works and return what it printed."""
    capsys.readouterr()
    code = main(list(map(str, arguments)))
    output = capsys.readouterr()
    assert code == 0, output.err
    return output.out


def test_recommends_with_reasons(instance: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = printed(capsys, "recommend", "--data", instance, "--user", 6, "-k", 3)
    assert "Number 6, The (1976)" in table
    assert "Because you liked Number" in table
    answer = json.loads(printed(capsys, "--data", instance, "recommend", "--user", 6, "--json"))
    assert answer["results"][0]["movie_id"] == 6
    assert not answer["is_fallback"]
    only = json.loads(
        printed(capsys, "recommend", "--data", instance, "--user", 6, "--genre", "romance", "--json")
    )
    assert all("Romance" in result["genres"] for result in only["results"])


def test_tells_a_stranger_that_the_films_are_popular_ones(
    instance: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "User 4711 has no ratings yet" in printed(capsys, "recommend", "--data", instance, "--user", 4711)


def test_ranks_the_films_named(instance: Path, capsys: pytest.CaptureFixture[str]) -> None:
    titles = ("The Number 6", "number 9", "Casablanca")
    table = printed(capsys, "rank", "--data", instance, "--user", 6, "--movies", *titles)
    assert table.index("Number 6, The (1976)") < table.index("Number 9, The (1979)")
    assert "Not in this release: 'Casablanca'." in table
    # Another film may have been meant where the year was left out.
    assert "“number 9” was taken for The Number 9 (1979)." in table
    exact = ("The Number 6 (1976)", "number 9, the (1979)")
    assert "taken" not in printed(capsys, "rank", "--data", instance, "--user", 6, "--movies", *exact)
    answer = json.loads(
        printed(capsys, "rank", "--data", instance, "--user", 6, "--movies", "number 9", "--json")
    )
    assert answer["taken_for"] == [{"asked": "number 9", "movie_id": 9, "title": "Number 9, The (1979)"}]


def test_ranking_films_that_are_all_unknown_is_refused_and_names_them(
    instance: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ("rank", "--data", instance, "--user", 6, "--movies", "Casablanca", "Brnad New (2000)")
    sentence = refusal(capsys, *asked)
    assert "Not in this release: 'Casablanca', 'Brnad New (2000)' (perhaps Brand New (2000))." in sentence
    assert "fewer words" in refusal(capsys, "rank", "--data", instance, "--user", 6, "--movies", "Casablanca")
    assert main([*map(str, asked), "--json"]) == 2
    answer = json.loads(capsys.readouterr().out)
    assert answer["results"] == []
    assert answer["unknown_candidates"] == ["Casablanca", "Brnad New (2000)"]


def test_finds_similar_and_popular_films(instance: Path, capsys: pytest.CaptureFixture[str]) -> None:
    similar = printed(capsys, "similar", "--data", instance, "--movies", "The Number 4", "-k", 2)
    assert "Similar to Number 4, The (1974)" in similar
    assert "“The Number 4” was taken for The Number 4 (1974)." in similar
    popular = json.loads(printed(capsys, "popular", "--data", instance, "-k", 3, "--json"))
    assert len(popular["results"]) == 3


def test_popular_films_come_with_whole_numbers_of_likes(
    instance: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ("popular", "--data", instance, "-k", 1)
    films = json.loads(printed(capsys, *asked, "--json"))["results"]
    of_all_time = cells(printed(capsys, *asked))
    assert of_all_time[0] == ["", "film", "id", "likes", "why"]
    assert of_all_time[1][3] == str(round(films[0]["score"]))
    # Nothing speaks for them but their likes.
    of_late = cells(printed(capsys, *asked, "--window", "week"))
    assert of_late[0] == ["", "film", "id", "likes, last week"]
    assert of_late[1][3].isdigit()
    # Popular films for a stranger have no scores.
    assert cells(printed(capsys, "recommend", "--data", instance, "--user", 4711))[0] == [
        *("", "film", "id", "why")
    ]


def test_a_list_without_a_film_says_so(instance: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "No film is left." in printed(capsys, "popular", "--data", instance, "--year-from", 2090)


def cells(table: str) -> list[list[str]]:
    """Return what stands in a printed table, row by row."""
    lines = [line for line in table.splitlines() if line[:1] in ("┃", "│")]
    return [[cell.strip() for cell in re.split("[┃│]", line)[1:-1]] for line in lines]


def test_evaluates_and_tunes(instance: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = printed(capsys, "evaluate", "--data", instance, "--window", "test")
    assert "item_knn" in table
    figures = json.loads(printed(capsys, "evaluate", "--data", instance, "--json"))
    assert set(figures["models"]["als"]["returning"]["ndcg@10"]) == {"value", "low", "high"}
    tuned = json.loads(printed(capsys, "tune", "--data", instance, "--trials", 2, "--json"))
    assert tuned["chosen"] in tuned["trials"]


def test_promotes_by_hand_and_goes_back(instance: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "no earlier production version" in refusal(capsys, "rollback", "--data", instance)
    waiting = printed(capsys, "train", "--data", instance, "--model", "item_knn")
    assert "launcher.py promote 2" in waiting
    because = ("--reason", "it is easier to explain")
    assert "promoted by hand: it is easier to explain" in printed(
        capsys, "promote", "--data", instance, "2", *because
    )
    back = printed(capsys, "rollback", "--data", instance, "--reason", "it was worse")
    assert "Version 1" in back
    assert "serves again instead of 2: it was worse" in back
    printed(capsys, "promote", "--data", instance, "2")
    assert "Version 2 serves already: nothing changed." in printed(capsys, "promote", "--data", instance, "2")
    answer = json.loads(printed(capsys, "recommend", "--data", instance, "--user", 6, "--json"))
    assert answer["model_version"] == "2"
    assert answer["results"][0]["movie_id"] == 6
    assert "There is no version 9" in refusal(capsys, "promote", "--data", instance, "9")


def test_jobs_say_what_they_did(instance: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "Nothing came in since the last training" in printed(capsys, "retrain", "--data", instance)
    printed(capsys, "recommend", "--data", instance, "--user", 6)
    assert "Replayed" in printed(capsys, "replay", "--data", instance, "--window-days", 3)
    assert "Wrote" in printed(capsys, "report", "--data", instance)
    assert "Published" in printed(capsys, "publish", "--data", instance)
    assert "no version's files" in printed(capsys, "housekeeping", "--data", instance)
    assert len(list((instance / "reports").iterdir())) == 2
    assert (instance / "analytics.duckdb").is_file()
    assert "explore.html" in printed(capsys, "explore", "--data", instance)
    database = open_database(instance)
    runs = rows(database, "from job_runs where job <> 'publish' order by started_at")
    database.close()
    assert set(runs["started_by"]) == {"command"}
    jobs = ["retrain", "replay", "report", "housekeeping"]
    assert runs.filter(runs["job"] != "train")["job"].to_list() == jobs
    assert runs.filter(runs["job"] == "train")["outcome"].unique().to_list() == ["done"]


def test_compares_models_of_a_release_and_of_an_instance(
    instance: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = ("--json", tmp_path / "figures.json", "--html", tmp_path / "page.html")
    asked = ("--models", "popularity,popularity_7d,item_knn", "--aims", *files)
    table = printed(capsys, "compare", "--from", write_release(tmp_path), *asked)
    assert "minus popularity_7d" in table
    figures = json.loads((tmp_path / "figures.json").read_text(encoding="utf-8"))
    assert list(figures["models"]) == ["popularity", "popularity_7d", "item_knn"]
    assert "popularity" not in figures["new_users_ndcg@10_minus_popularity"]
    best = max(figures["models"], key=lambda name: figures["models"][name]["ndcg@10"]["value"])
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert page.count("<svg") == 3
    assert f"{best} has the highest NDCG@10" in page
    assert "accuracy alone" in page
    own = printed(capsys, "compare", "--data", instance, "--models", "popularity", "--window", "test")
    assert "test window" in own
    # Nothing to be compared with: no empty columns, and no title that promises them.
    assert "minus" not in own
    assert "difference" not in own
    both = printed(capsys, "compare", "--data", instance, "--models", "popularity,item_knn")
    assert "minus item_knn" in both
    assert "minus popularity_7d" not in both
    printed(capsys, "compare", "--data", instance, "--models", "popularity", "--window", "test")
    kept = json.loads((instance / "leaderboard-some.json").read_text(encoding="utf-8"))
    assert (kept["window"], list(kept["models"])) == ("test", ["popularity"])
    assert datetime.fromisoformat(kept["compared_at"]).tzinfo is UTC
    assert "no model 'oracle'" in refusal(capsys, "compare", "--data", instance, "--models", "oracle")
    assert "name it with --from" in refusal(capsys, "compare", "--data", instance, "--stars", "u")
    assert "--stars goes with" in refusal(capsys, "compare", "--data", instance, "--stars", "u", "--aims")


def test_a_comparison_of_some_models_leaves_that_of_all(
    instance: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole, some = instance / "leaderboard.json", instance / "leaderboard-some.json"
    whole.write_text("all of them", encoding="utf-8")
    printed(capsys, "compare", "--data", instance, "--models", "popularity")
    assert whole.read_text(encoding="utf-8") == "all of them"
    assert list(json.loads(some.read_text(encoding="utf-8"))["models"]) == ["popularity"]
    with release_in_memory(write_release(tmp_path), now=datetime.now(UTC)) as database:
        comparison = compare(database, seed=7, only=("popularity",))
    assert not comparison.is_whole
    keep(dataclasses.replace(comparison, is_whole=True), instance)
    assert list(json.loads(whole.read_text(encoding="utf-8"))["models"]) == ["popularity"]
    # All were compared now: what stood beside is older.
    assert not some.exists()


def test_the_same_release_again_changes_nothing(
    instance: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    release = write_release(tmp_path)
    assert "nothing changed" in printed(capsys, "ingest", "--data", instance, "--from", release)


def refusal(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """Run a command that refuses and return its one sentence."""
    capsys.readouterr()
    assert main(list(map(str, arguments))) == 2
    *stages, sentence = capsys.readouterr().err.strip().splitlines()
    assert sentence.startswith("movieapp: ")
    assert not any("Traceback" in stage or "Error" in stage for stage in stages)
    return sentence


def test_a_second_release_is_refused_with_both_ways_out(
    instance: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sentence = refusal(capsys, "ingest", "--data", instance)
    assert "--replace" in sentence
    assert "--data" in sentence


def test_an_empty_instance_says_how_to_fill_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "launcher.py ingest" in refusal(capsys, "recommend", "--data", tmp_path, "--user", 1)
    assert "too few to train on" in refusal(capsys, "train", "--data", tmp_path)


@pytest.mark.parametrize("command", [("promote", "1"), ("rollback",)])
def test_without_a_version_nothing_is_promoted_and_no_registry_made(
    command: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    printed(capsys, "ingest", "--data", tmp_path / "data", "--from", write_release(tmp_path))
    assert "launcher.py train" in refusal(capsys, *command, "--data", tmp_path / "data")
    assert not (tmp_path / "data" / "mlflow.db").exists()


READERS = {
    "recommend": ["--user", "1"],
    "rank": ["--user", "1", "--movies", "Heat"],
    "similar": ["--movies", "Heat"],
    "popular": [],
    "evaluate": [],
    "tune": [],
    "promote": ["1"],
    "rollback": [],
    "compare": [],
    "retrain": [],
    "replay": [],
    "report": [],
    "publish": [],
    "housekeeping": [],
    "explore": [],
    "enrich": [],
    "import": ["--profile", "Ana", "ratings.csv"],
    "export": ["--profile", "Ana", "--to", "ana.json"],
}


@pytest.mark.parametrize("command", READERS)
def test_a_command_that_only_reads_makes_no_instance(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in (tmp_path / "mistyped" / "data", tmp_path):
        sentence = refusal(capsys, command, "--data", folder, *READERS[command])
        assert f"no instance in {folder}" in sentence
        assert "launcher.py ingest" in sentence
        assert list(tmp_path.iterdir()) == []


def test_a_refused_ingest_leaves_nothing_new_behind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = tmp_path / "nothing.zip"
    refusal(capsys, "ingest", "--from", nowhere, "--data", tmp_path / "new" / "data")
    refusal(capsys, "ingest", "ml-3k", "--data", tmp_path / "new" / "data")
    refusal(capsys, "train", "--data", tmp_path / "new" / "data")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "diary.txt").write_text("not movieapp's")
    refusal(capsys, "ingest", "--from", nowhere, "--data", tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["diary.txt"]


def test_a_refused_ingest_keeps_the_instance_that_was_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    release = write_release(tmp_path)
    printed(capsys, "ingest", "--from", release, "--data", tmp_path / "data")
    refusal(capsys, "ingest", "--from", tmp_path / "nothing.zip", "--data", tmp_path / "data")
    assert "nothing changed" in printed(capsys, "ingest", "--from", release, "--data", tmp_path / "data")


def test_a_data_folder_that_is_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    assert "is a file, not a folder" in refusal(capsys, "popular", "--data", tmp_path / "file")


def test_a_database_that_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "movieapp.duckdb").write_bytes(b"something else" * 1000)
    assert "not a database that movieapp can read" in refusal(capsys, "popular", "--data", tmp_path)


def test_a_release_that_does_not_exist(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "ml-latest-small" in refusal(capsys, "ingest", "ml-3k", "--data", tmp_path)


def test_a_film_that_is_not_there(instance: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "'Casablanca'" in refusal(capsys, "similar", "--data", instance, "--movies", "Casablanca")
    titles = ("Casablanca", "Nobdy's Film")
    sentence = refusal(capsys, "similar", "--data", instance, "--movies", *titles)
    assert "'Casablanca', \"Nobdy's Film\" (perhaps Nobody's Film)" in sentence


def test_a_genre_that_is_not_there(instance: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "Western" in refusal(capsys, "popular", "--data", instance, "--genre", "Western")


@pytest.mark.parametrize("port", ["0", "99999"])
def test_a_setting_out_of_bounds(tmp_path: Path, port: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "MOVIEAPP_PORT" in refusal(capsys, "serve", "--data", tmp_path, "--port", port)


@pytest.mark.parametrize("command", ["serve", "ingest", "train", "simulate", *READERS])
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert "--data DIR" in capsys.readouterr().out


def test_help_answers_without_the_libraries_that_take_long_to_load() -> None:
    code = "import sys, contextlib; from movieapp.cli import main\n"
    code += "with contextlib.suppress(SystemExit): main(['--help'])\n"
    code += "print(*{'duckdb', 'polars', 'numpy', 'mlflow', 'rich', 'pydantic'} & set(sys.modules), 'end')"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "recommend" in shown
    assert shown.splitlines()[-1] == "end"


def test_a_mistyped_folder_is_told_before_what_takes_long_is_loaded(tmp_path: Path) -> None:
    code = "import sys; from movieapp.cli import main\n"
    for command, arguments in READERS.items():
        code += f"assert main({[command, '--data', str(tmp_path), *arguments]}) == 2\n"
    code += "print(*{'numpy', 'scipy', 'lightgbm', 'faiss', 'mlflow', 'rich'} & set(sys.modules), 'end')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.count("no instance in") == len(READERS)
    assert done.stdout.split() == ["end"]


@pytest.mark.parametrize(
    ("mistyped", "said"),
    [
        (["recomend"], "there is no 'recomend'. Did you mean recommend?"),
        (["Popular"], "Did you mean popular?"),
        (["popular", "--window", "weak"], "argument --window: there is no 'weak'. Did you mean week?"),
        (["popular", "--window", "1990"], "Choose one of: day, week, month, year, all."),
    ],
)
def test_a_mistyped_word_gets_a_suggestion(
    mistyped: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(mistyped)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("asked", [["--version"], ["--version", "train"]])
def test_the_version_is_that_of_the_project_and_nothing_else_is_done(
    capsys: pytest.CaptureFixture[str], asked: list[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(asked)
    assert not ended.value.code
    assert capsys.readouterr().out == f"movieapp {movieapp.__version__}\n"


@pytest.mark.parametrize(
    ("folder", "said"),
    [
        ("n" * 300, "Its name is longer than the disk allows: choose another folder with --data."),
        ("file/data", "What it would be in is a file: choose another folder with --data."),
    ],
)
def test_a_data_folder_that_cannot_be_made_says_why(
    folder: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert said in refusal(capsys, "ingest", "--data", tmp_path / folder)
    assert "no instance in" in refusal(capsys, "popular", "--data", tmp_path / folder)
