"""The files of a release on the disk: found in a folder or unpacked from a zip, looked over, readable."""

import hashlib
import re
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import BinaryIO

from movieapp.errors import Invalid, NotFound
from movieapp.progress import Progress, silent
from movieapp.sources.releases import FORMATS, Release, recognise

# The largest release has files of 0.9 GB. What claims to be more than this is no release.
MOST_BYTES = 4 * 1024**3
CHUNK = 1024 * 1024
LONGEST_LINE = 64 * 1024

# Stands in a line for every byte that is no text, so that the line is rejected and not half understood.
NOT_TEXT = "\x01"
# The surrogates are what Python makes of bytes that are not UTF-8.
_UNREADABLE = re.compile("[\r\0\ud800-\udfff]")

_KNOWN = {name for each in FORMATS for name in each.files}
_READMES = {"README", "README.txt"}


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file as DuckDB can read it: line n of it is line n of what the person has."""

    name: str
    path: Path
    encoding: str
    n_header: int


@dataclass(frozen=True, slots=True)
class ReleaseFiles:
    release: Release
    checksum: str
    files: dict[str, SourceFile]

    def __getitem__(self, name: str) -> SourceFile:
        return self.files[name]

    def get(self, name: str | None) -> SourceFile | None:
        return self.files.get(name) if name else None


@contextmanager
def opened(
    origin: Path, *, folder: Path | None = None, progress: Progress = silent
) -> Iterator[ReleaseFiles]:
    """Give the files of the release in a zip or folder; what was unpacked, below `folder`, goes after use."""
    if not origin.exists():
        raise NotFound(
            f"There is no {origin}: give the zip of a MovieLens release, or the folder of its files."
        )
    with ExitStack() as stack:
        try:
            scratch = stack.enter_context(TemporaryDirectory(prefix="movieapp-", dir=folder))
            files = _prepare(origin, Path(scratch), progress)
        except OSError as error:
            raise Invalid(
                f"{origin} cannot be read: {error.strerror or error}. Check its permissions and the free "
                f"space in {folder or 'the folder for temporary files'}."
            ) from error
        yield files


def _prepare(origin: Path, scratch: Path, progress: Progress) -> ReleaseFiles:
    if origin.is_dir():
        paths, names, readme = _in_folder(origin)
    else:
        paths, names, readme = _unpack(origin, scratch, progress)
    try:
        release = recognise(paths, names=names, readme=readme)
    except Invalid as error:
        raise Invalid(f"{origin} {error}") from None
    missing = [name for name in release.needed if name not in paths]
    if missing:
        raise Invalid(
            f"{origin} has no {' and no '.join(missing)}: {release.name} needs {', '.join(release.needed)}. "
            "Unpack or download the whole release again."
        )
    digest = hashlib.sha256()
    files = {}
    for position, name in enumerate(sorted(set(release.format.files) & set(paths))):
        progress("ingest: checking files", position / len(paths))
        files[name] = _look_over(paths[name], name, release, scratch, digest)
    progress("ingest: checking files", 1.0)
    return ReleaseFiles(release, digest.hexdigest(), files)


def _in_folder(origin: Path) -> tuple[dict[str, Path], list[str], str]:
    folders = [origin, *sorted(child for child in origin.iterdir() if child.is_dir())]
    # A zip unpacked by hand often leaves one folder more.
    folder = next((each for each in folders if any((each / name).is_file() for name in _KNOWN)), origin)
    paths = {name: folder / name for name in _KNOWN if (folder / name).is_file()}
    readme = next((folder / name for name in _READMES if (folder / name).is_file()), None)
    text = readme.read_bytes()[:CHUNK].decode("latin-1") if readme else ""
    return paths, [folder.resolve().name, origin.resolve().name], text


def _unpack(origin: Path, scratch: Path, progress: Progress) -> tuple[dict[str, Path], list[str], str]:
    """Write the known files of the zip, and only these, into `scratch` under their plain names."""
    again = "Download it again, or give another copy with --from."
    try:
        with zipfile.ZipFile(origin) as archive:
            members = _known_members(archive)
            _refuse_oversize(origin, [archive.getinfo(member) for member in members.values()], scratch)
            for position, (name, member) in enumerate(members.items()):
                progress("ingest: unpacking", position / len(members))
                with archive.open(member) as packed, (scratch / name).open("wb") as plain:
                    shutil.copyfileobj(packed, plain, CHUNK)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise Invalid(
            f"{origin} is not a zip file, or it is cut short or damaged ({error}). {again}"
        ) from error
    except (RuntimeError, NotImplementedError) as error:
        raise Invalid(f"{origin} cannot be unpacked: {error}. {again}") from error
    progress("ingest: unpacking", 1.0)
    paths = {name: scratch / name for name in members if name in _KNOWN}
    readme = next((scratch / name for name in members if name in _READMES), None)
    inside = [PurePosixPath(member).parent.name for member in members.values()]
    return paths, [*inside, origin.stem], readme.read_bytes()[:CHUNK].decode("latin-1") if readme else ""


def _known_members(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the members to read by plain name; of two with one name, the one nearest to the top."""
    found: dict[str, str] = {}
    for info in sorted(archive.infolist(), key=lambda each: (each.filename.count("/"), each.filename)):
        path = PurePosixPath(info.filename)
        is_outside = path.is_absolute() or ".." in path.parts or "__MACOSX" in path.parts
        if path.name in _KNOWN | _READMES and not is_outside and not info.is_dir():
            found.setdefault(path.name, info.filename)
    return found


def _refuse_oversize(origin: Path, members: list[zipfile.ZipInfo], scratch: Path) -> None:
    n_bytes = sum(member.file_size for member in members)
    if n_bytes > MOST_BYTES:
        raise Invalid(
            f"{origin} would unpack to {n_bytes / 1e9:,.0f} GB, far more than any MovieLens release. "
            "Download the release again from GroupLens."
        )
    free = shutil.disk_usage(scratch).free
    if n_bytes > free:
        raise Invalid(
            f"{origin} needs {n_bytes / 1e6:,.0f} MB to unpack and {scratch.parent} has {free / 1e6:,.0f} MB "
            "free. Free some disk space and try again."
        )


@dataclass(slots=True)
class _Look:
    """What one pass over the bytes of a file found."""

    n_lf: int = 0
    n_crlf: int = 0
    n_cr: int = 0
    n_bytes: int = 0
    is_utf8: bool = True
    is_odd: bool = False

    @property
    def is_regular(self) -> bool:
        """Whether every reader counts the same lines: one kind of line end, none empty, none endless."""
        return not self.is_odd and self.n_cr == self.n_crlf and self.n_crlf in (0, self.n_lf)

    def add(self, chunk: bytes) -> None:
        self.n_lf += chunk.count(b"\n")
        self.n_crlf += chunk.count(b"\r\n")
        self.n_cr += chunk.count(b"\r")
        self.n_bytes += len(chunk)
        is_blank = chunk[:1] in (b"\r", b"\n") or b"\n\n" in chunk or b"\n\r\n" in chunk
        self.is_odd |= is_blank or b"\0" in chunk or len(chunk) >= CHUNK + LONGEST_LINE
        if self.is_utf8:
            try:
                chunk.decode("utf-8")
            except UnicodeDecodeError:
                self.is_utf8 = False


def _look_over(path: Path, name: str, release: Release, scratch: Path, digest: "hashlib._Hash") -> SourceFile:
    look = _Look()
    with path.open("rb") as stream:
        first = stream.readline(LONGEST_LINE)
        stream.seek(0)
        while chunk := stream.read(CHUNK):
            # A chunk ends where a line ends, so no character is cut in two.
            chunk += stream.readline(LONGEST_LINE)
            digest.update(chunk)
            look.add(chunk)
    digest.update(f"\0{name}\0{look.n_bytes}\0".encode())
    if not look.n_bytes:
        raise Invalid(f"{path.name} in {release.name} is empty. Unpack or download the release again.")
    header = release.format.headers.get(name, ())
    _check_header(name, first, header)
    # Copies of the .dat files that somebody turned into UTF-8 are about: read what is there.
    encoding = "latin-1" if release.format.is_latin1 and not look.is_utf8 else "utf-8"
    if not look.is_regular or (encoding == "utf-8" and not look.is_utf8):
        tidy = scratch / f"tidy-{name}"
        with path.open("rb") as stream, tidy.open("w", encoding="utf-8", newline="\n") as out:
            out.writelines(_tidy_lines(stream, encoding))
        path, encoding = tidy, "utf-8"
    return SourceFile(name, path, encoding, n_header=1 if header else 0)


def _check_header(name: str, first: bytes, header: tuple[str, ...]) -> None:
    given = [part.strip().strip('"') for part in first.decode("utf-8-sig", errors="replace").split(",")]
    if not header or given == list(header):
        return
    missing = [column for column in header if column not in given]
    what = f"the column {' and '.join(missing)} is missing" if missing else "the columns are in another order"
    raise Invalid(
        f"{name}, line 1: {what}. The line should read {','.join(header)}. "
        "Give the release as GroupLens publishes it."
    )


def _tidy_lines(stream: BinaryIO, encoding: str) -> Iterator[str]:
    """Yield one line for every line of the stream, so that the numbers stay, in text that DuckDB reads."""
    while line := stream.readline(LONGEST_LINE):
        text = line.decode(encoding, errors="surrogateescape").rstrip("\r\n")
        while not line.endswith(b"\n") and (rest := stream.readline(LONGEST_LINE)):
            line, text = rest, text[:LONGEST_LINE] + NOT_TEXT
        yield (_UNREADABLE.sub(NOT_TEXT, text) or " ") + "\n"
