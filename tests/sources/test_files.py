"""Zips and folders as people have them: cut short, dangerous, packed by hand."""

import zipfile
from pathlib import Path

import pytest

from movieapp.errors import Invalid, NotFound
from movieapp.sources import files
from movieapp.sources.files import opened
from movieapp.sources.releases import bundled
from tests.sources.small_release import CSV, DAT_WITH_USERS, pack, pack_folder, write


def members(folder: Path) -> list[tuple[str, bytes]]:
    return [(file.name, file.read_bytes()) for file in sorted(folder.iterdir())]


def test_a_missing_origin_says_so(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"There is no .*nowhere\.zip"), opened(tmp_path / "nowhere.zip"):
        pass


@pytest.mark.parametrize("share", [0.02, 0.5, 0.999])
def test_a_zip_that_is_cut_short_is_refused(tmp_path: Path, share: float) -> None:
    whole = bundled().read_bytes()
    cut = tmp_path / "cut.zip"
    cut.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(Invalid, match="not a zip file, or it is cut short or damaged"), opened(cut):
        pass


@pytest.mark.parametrize("position", [0.1, 0.3, 0.6])
def test_a_zip_with_altered_bytes_is_refused(tmp_path: Path, position: float) -> None:
    content = bytearray(bundled().read_bytes())
    place = int(len(content) * position)
    content[place : place + 64] = bytes(64)
    (tmp_path / "altered.zip").write_bytes(content)
    with pytest.raises(Invalid, match="damaged"), opened(tmp_path / "altered.zip"):
        pass


@pytest.mark.parametrize("content", [b"", b"no zip at all"])
def test_a_file_that_is_no_zip_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "ml-1m.zip").write_bytes(content)
    with pytest.raises(Invalid, match=r"ml-1m\.zip is not a zip file"), opened(tmp_path / "ml-1m.zip"):
        pass


def test_a_zip_of_something_else_is_refused(tmp_path: Path) -> None:
    with (
        pytest.raises(Invalid, match=r"holiday\.zip holds no MovieLens release"),
        opened(pack(tmp_path / "holiday.zip", [("beach.jpg", b"...")])),
    ):
        pass


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="holds no MovieLens release"), opened(tmp_path):
        pass


def test_a_published_release_needs_all_its_files(tmp_path: Path) -> None:
    folder = write(tmp_path / "ml-1m", DAT_WITH_USERS, users=None)
    with pytest.raises(
        Invalid, match=r"has no users\.dat: ml-1m needs movies\.dat, ratings\.dat, users\.dat"
    ):
        opened(folder).__enter__()


def test_films_alone_are_not_enough(tmp_path: Path) -> None:
    folder = write(tmp_path / "mine", CSV, ratings=None)
    with pytest.raises(Invalid, match=r"has no ratings\.csv"), opened(folder):
        pass


def test_nothing_is_written_outside_of_the_folder_for_unpacking(tmp_path: Path) -> None:
    folder = write(tmp_path / "plain", CSV)
    dangerous = [(f"../{name}", b"evil") for name in CSV] + [
        ("/movies.csv", b"evil"),
        ("evil.sh", b""),
    ]
    origin = pack(
        tmp_path / "films.zip", [*dangerous, *((f"films/{name}", text) for name, text in members(folder))]
    )
    scratch = tmp_path / "data" / "scratch"
    scratch.mkdir(parents=True)
    before = sorted(tmp_path.rglob("*"))
    with opened(origin, folder=scratch) as release:
        unpacked = {path.name for path in scratch.rglob("*") if path.is_file()}
        assert unpacked == set(CSV)
        assert release["movies.csv"].path.read_bytes() == (folder / "movies.csv").read_bytes()
    assert sorted(tmp_path.rglob("*")) == before


def test_what_was_unpacked_goes_away_after_a_refusal_too(tmp_path: Path) -> None:
    origin = pack(tmp_path / "films.zip", [("ratings.csv", b"userId\n"), ("movies.csv", b"movieId\n")])
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with pytest.raises(Invalid), opened(origin, folder=scratch):
        pass
    assert list(scratch.iterdir()) == []


def test_a_zip_bomb_is_refused_before_it_goes_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_BYTES", 1_000_000)
    origin = pack(tmp_path / "bomb.zip", [("ratings.csv", bytes(2_000_000)), ("movies.csv", b"movieId\n")])
    assert origin.stat().st_size < 10_000
    with pytest.raises(Invalid, match="far more than any MovieLens release"), opened(origin):
        pass


def test_a_zip_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    origin = pack(tmp_path / "liar.zip", [("ratings.csv", bytes(2_000_000)), ("movies.csv", b"movieId\n")])
    content = origin.read_bytes().replace((2_000_000).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    origin.write_bytes(content)
    with pytest.raises(Invalid, match="damaged"), opened(origin):
        pass


def test_files_may_lie_at_the_top_of_a_zip_or_deep_inside(tmp_path: Path) -> None:
    folder = write(tmp_path / "plain", CSV)
    with opened(pack(tmp_path / "flat.zip", members(folder))) as flat:
        assert flat.release.name == "flat"
    deep = [(f"a/b/ml-25m/{name}", content) for name, content in members(folder)]
    with opened(pack(tmp_path / "deep.zip", deep)) as found:
        assert found.release.name == "ml-25m"
        assert found.checksum == flat.checksum


def test_what_a_mac_adds_to_a_zip_is_not_read(tmp_path: Path) -> None:
    folder = write(tmp_path / "plain", CSV)
    mac = [(f"__MACOSX/{name}", b"\0") for name in CSV]
    with opened(pack(tmp_path / "mac.zip", [*mac, *members(folder)])) as release:
        assert release["movies.csv"].path.stat().st_size > 1


def test_a_folder_in_the_folder_is_found(tmp_path: Path) -> None:
    write(tmp_path / "downloads" / "ml-20m", CSV)
    with opened(tmp_path / "downloads") as release:
        assert release.release.name == "ml-20m"


def test_the_checksum_is_of_the_contents_and_not_of_the_packing(tmp_path: Path) -> None:
    folder = write(tmp_path / "plain", CSV)
    with opened(folder) as one, opened(pack_folder(tmp_path / "films.zip", folder, inside="x")) as other:
        assert one.checksum == other.checksum
    write(folder, CSV, tags=[*CSV["tags.csv"], "1,1,one more,1000000001"])
    with opened(folder) as changed:
        assert changed.checksum != one.checksum


def test_a_regular_file_is_read_where_it_is(tmp_path: Path) -> None:
    folder = write(tmp_path / "plain", CSV)
    with opened(folder) as release:
        assert {file.path.parent for file in release.files.values()} == {folder}


def test_an_endless_line_is_cut_and_counts_as_one(tmp_path: Path) -> None:
    movies = b"movieId,title,genres\n1," + b"x" * 3_000_000 + b",Drama\n2,Heat (1995),Drama\n"
    folder = write(tmp_path / "plain", CSV, movies=movies)
    with opened(folder) as release:
        lines = release["movies.csv"].path.read_text("utf-8").split("\n")
        assert [line[:5] for line in lines] == ["movie", "1,xxx", "2,Hea", ""]
        assert lines[1].endswith(files.NOT_TEXT)


def test_a_locked_zip_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path / "plain", CSV)
    origin = pack_folder(tmp_path / "locked.zip", folder, inside="x")
    content = bytearray(origin.read_bytes())
    with zipfile.ZipFile(origin) as archive:
        start = archive.start_dir
    # Bit 0 of the flags says that the member is encrypted, in the directory and before the member.
    for at in range(len(content) - 4):
        if content[at : at + 4] == b"PK\x01\x02" and at >= start:
            content[at + 8] |= 1
        elif content[at : at + 4] == b"PK\x03\x04":
            content[at + 6] |= 1
    origin.write_bytes(content)
    with pytest.raises(Invalid, match="cannot be unpacked"), opened(origin):
        pass
