"""A report as data, and its two forms: one HTML file that needs nothing else, and Markdown."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure; `verdict` is green, amber, red or unknown, empty where there is no limit."""

    title: str
    value: str
    sentence: str = ""
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class Plot:
    """A drawing (SVG) with the one sentence that it says."""

    title: str
    sentence: str
    svg: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text; a second line in a cell is an interval. With `prose` the last column holds sentences."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    sentence: str = ""
    prose: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A heading that opens onto paragraphs, or stands above them where nothing opens."""

    title: str
    paragraphs: Sequence[str]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report; what is empty is left out."""

    title: str
    sentence: str = ""
    tiles: Sequence[Tile] = ()
    plots: Sequence[Plot] = ()
    tables: Sequence[Table] = ()
    notes: Sequence[Note] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A report."""

    title: str
    lede: str
    made_at: datetime
    sections: Sequence[Section] = field(default=())


_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=lambda name: name is not None and name.endswith(".html"),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
_templates.filters["cell"] = lambda text: (
    str(text).replace("\n", " (", 1).replace("|", "\\|") + (")" if "\n" in str(text) else "")
)


def html(document: Document) -> str:
    """Return the report as one HTML page: style and drawings inside, no script, nothing to load."""
    return _templates.get_template("document.html").render(document=document)


def markdown(document: Document) -> str:
    """Return the report as Markdown: every number and sentence, without the drawings."""
    return _templates.get_template("document.md").render(document=document)


def put(file: Path, text: str) -> Path:
    """Write a file aside and move it into place, so that nobody ever reads half of it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    aside = file.with_name(f".{file.name}.new")
    aside.write_text(text, encoding="utf-8")
    return aside.replace(file)
