"""The commands import and export, and a profile that moves from one data folder to another."""

import io
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from movieapp.cli import main
from movieapp.database import open_database
from movieapp.serving.feedback import Event, EventType
from movieapp.serving.profiles import Profiles
from tests.rows import rows

NOW = datetime(2026, 1, 2, tzinfo=UTC)
RATINGS = """Date,Name,Year,Letterboxd URI,Rating
2024-01-05,The Number 2,1972,u,5
2024-01-06,The Number 4,1974,u,4.5
2024-01-07,The Number,1976,u,5
2024-01-08,Nowhere,1999,u,1
"""


@pytest.fixture
def data(tiny_instance: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_instance, tmp_path / "data"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "ratings.csv"
    file.write_text(RATINGS, encoding="utf-8")
    return file


def printed(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    capsys.readouterr()
    code = main(list(map(str, arguments)))
    output = capsys.readouterr()
    assert code == 0, output.err
    return output.out


def refusal(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    capsys.readouterr()
    assert main(list(map(str, arguments))) == 2
    return capsys.readouterr().err


def films(capsys: pytest.CaptureFixture[str], data: Path, user_id: int) -> list[dict]:
    answer = printed(capsys, "recommend", "--data", data, "--user", user_id, "-k", 30, "--json")
    return list(json.loads(answer)["results"])


def test_an_import_says_what_it_would_bring_and_takes_it_in(
    data: Path, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = ("import", "--data", data, file, "--profile", "Ana", "--yes")
    said = printed(capsys, *told, "--unmatched", tmp_path / "rest.csv")
    assert "Letterboxd: 4 rows about 4 films. Matched: 2, doubtful: 1, unmatched: 1." in said
    assert "The Number (1976): perhaps Number " in said
    assert "  Nowhere (1999)\n" in said
    assert "Made the profile Ana, user 25." in said
    assert "Imported ratings: 2." in said
    assert "Nowhere" in (tmp_path / "rest.csv").read_text(encoding="utf-8")
    assert not {2, 4} & {film["movie_id"] for film in films(capsys, data, 25)}
    assert "nothing changed" in printed(capsys, *told)
    file.write_text(RATINGS.replace("u,4.5", "u,1"), encoding="utf-8")
    assert "differ from the file's and stayed: 1." in printed(capsys, *told)
    assert "Imported ratings: 1." in printed(capsys, *told, "--overwrite")


def test_films_are_chosen_and_all_is_confirmed_by_hand(
    data: Path, file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def say(*answers: str) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{one}\n" for one in answers)))

    told = ("import", "--data", data, file, "--profile", "ana", "--choose")
    say("", "n")
    assert "Nothing was imported." in printed(capsys, *told)
    say()
    assert "nobody to answer" in refusal(capsys, *told)
    say("99", "x", "1", "y")
    said = printed(capsys, *told)
    assert "Imported ratings: 3." in said
    database = open_database(data)
    assert rows(database, "from ratings where user_id = 25").height == 3
    assert rows(database, "from profiles")["name"].to_list() == ["ana"]
    database.close()


def keep_something(data: Path, name: str) -> int:
    """Let somebody do everything that can be done."""
    database = open_database(data)
    profiles = Profiles(database)
    profiles.load()
    user_id = profiles.make(name, color="#047857", now=NOW).user_id
    for movie_id in (2, 4, 6, 8, 10):
        profiles.rate(user_id, movie_id, 5.0 if movie_id < 10 else 0.5, now=NOW)
    for movie_id, event in (
        (10, Event(EventType.UNLEARNED)),
        (12, Event(EventType.HIDE)),
        (14, Event(EventType.WATCHED, watched_on=NOW.date())),
        (16, Event(EventType.WATCHLIST)),
        (16, Event(EventType.NOTE, note="One day.")),
        (18, Event(EventType.LIKE)),
    ):
        profiles.tell(user_id, movie_id, event, now=NOW)
    database.close()
    return user_id


@pytest.mark.parametrize("form", ["json", "csv"])
def test_a_profile_moves_to_a_fresh_folder_with_the_same_lists(
    data: Path, tiny_instance: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    user_id = keep_something(data, "Ana Ñ")
    out = tmp_path / f"ana.{form}"
    assert "Wrote" in printed(capsys, "export", "--data", data, "--profile", "ana ñ", "--to", out)
    fresh = Path(shutil.copytree(tiny_instance, tmp_path / "fresh"))
    printed(capsys, "import", "--data", fresh, out, "--profile", "Ana Ñ", "--yes")
    assert films(capsys, fresh, user_id) == films(capsys, data, user_id)
    assert not {2, 4, 6, 8, 10, 12, 14} & {film["movie_id"] for film in films(capsys, fresh, user_id)}
    back = tmp_path / f"back.{form}"
    printed(capsys, "export", "--data", fresh, "--profile", user_id, "--to", back)
    assert back.read_bytes() == out.read_bytes()


def test_what_cannot_be_is_refused(
    data: Path, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text(RATINGS.replace("u,4.5", "u,9"), encoding="utf-8")
    assert "row 3" in refusal(capsys, "import", "--data", data, bad, "--profile", "Ana", "--yes")
    missing = tmp_path / "missing.csv"
    assert "no file" in refusal(capsys, "import", "--data", data, missing, "--profile", "Ana", "--yes")
    gone = ("export", "--data", data, "--profile", "Nobody", "--to")
    assert "no profile named Nobody" in refusal(capsys, *gone, tmp_path / "x.json")
    assert ".json nor in .csv" in refusal(capsys, *gone, tmp_path / "x.txt")
    nowhere = ("export", "--data", data, "--profile", "1", "--to", tmp_path / "no" / "x.csv")
    assert "cannot be written" in refusal(capsys, *nowhere)
    assert rows_of_ana(data) == 0


def test_an_export_does_not_overwrite_a_file(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there = tmp_path / "ana.json"
    there.write_text("mine", encoding="utf-8")
    said = refusal(capsys, "export", "--data", data, "--profile", "1", "--to", there)
    assert "is there already. Choose another name, or give --overwrite." in said
    assert there.read_text(encoding="utf-8") == "mine"
    assert main(["export", "--data", str(data), "--profile", "1", "--to", str(there), "--overwrite"]) == 0
    assert there.read_text(encoding="utf-8") != "mine"


def rows_of_ana(data: Path) -> int:
    database = open_database(data)
    found = rows(database, "from profiles").height
    database.close()
    return found
