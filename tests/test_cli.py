"""The commands, from an empty folder to lists; and their refusals, one sentence and exit code 2 each."""

import json
from pathlib import Path

import pytest

from movieapp.cli import main
from tests.tiny_release import write_release


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the tiny release, trained, as the commands leave it."""
    folder = tmp_path_factory.mktemp("instance")
    data = folder / "data"
    assert main(["ingest", "--data", str(data), "--from", str(write_release(folder))]) == 0
    assert main(["train", "--data", str(data)]) == 0
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
    assert "Not in this release: Casablanca." in table


def test_finds_similar_and_popular_films(instance: Path, capsys: pytest.CaptureFixture[str]) -> None:
    similar = printed(capsys, "similar", "--data", instance, "--movies", "The Number 4", "-k", 2)
    assert "Similar to Number 4, The (1974)" in similar
    popular = json.loads(printed(capsys, "popular", "--data", instance, "-k", 3, "--json"))
    assert len(popular["results"]) == 3


def test_evaluates_and_tunes(instance: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = printed(capsys, "evaluate", "--data", instance, "--window", "test")
    assert "item_knn" in table
    figures = json.loads(printed(capsys, "evaluate", "--data", instance, "--json"))
    assert set(figures["models"]["als"]["returning"]["ndcg@10"]) == {"value", "low", "high"}
    tuned = json.loads(printed(capsys, "tune", "--data", instance, "--trials", 2, "--json"))
    assert tuned["chosen"] in tuned["trials"]


def test_promotes_by_hand(instance: Path, capsys: pytest.CaptureFixture[str]) -> None:
    waiting = printed(capsys, "train", "--data", instance, "--model", "item_knn")
    assert "launcher.py promote 2" in waiting
    assert "promoted by hand" in printed(capsys, "promote", "--data", instance, "2")
    answer = json.loads(printed(capsys, "recommend", "--data", instance, "--user", 6, "--json"))
    assert answer["model_version"] == "2"
    assert answer["results"][0]["movie_id"] == 6
    assert "There is no version 9" in refusal(capsys, "promote", "--data", instance, "9")


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


def test_a_genre_that_is_not_there(instance: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "Western" in refusal(capsys, "popular", "--data", instance, "--genre", "Western")


@pytest.mark.parametrize("port", ["0", "99999"])
def test_a_setting_out_of_bounds(tmp_path: Path, port: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "MOVIEAPP_PORT" in refusal(capsys, "serve", "--data", tmp_path, "--port", port)


@pytest.mark.parametrize(
    "command", ["serve", "ingest", "train", "evaluate", "tune", "recommend", "rank", "similar", "popular"]
)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert "--data DIR" in capsys.readouterr().out
