"""The text of a csv file as rows by column name, whatever wrote it: BOM, line ends, separator, encoding."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from movieapp.sources.exports.rows import refused

MOST_BYTES = 50_000_000
MOST_ROWS = 500_000
SEPARATORS = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class Table:
    """A csv file: lower-case column names, and rows (number in a spreadsheet, text by column)."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]

    def has(self, *columns: str) -> bool:
        """Whether it has all these columns."""
        return set(columns) <= set(self.columns)


def decoded(file: str, content: bytes) -> str:
    """Return the text of a file; refuse what is none."""
    if len(content) > MOST_BYTES:
        raise refused(file, None, f"it is larger than {MOST_BYTES / 1e6:g} MB, so it is no export")
    is_utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    # Spreadsheets and older exports of IMDb write what Windows writes.
    for encoding in ["utf-16"] if is_utf16 else ["utf-8-sig", "cp1252"]:
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise refused(file, None, "it is no text")
    if "\0" in text:
        raise refused(file, None, "it is no text")
    return text


def table(file: str, text: str) -> Table:
    """Return the csv file's rows, blank ones left out; refuse one with too few or too many fields."""
    first = text.partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    records = _records(file, text, separator)
    _, header = next(records, (1, []))
    columns = tuple(column.strip().lower() for column in header)
    rows: list[tuple[int, dict[str, str]]] = []
    for number, fields in records:
        if len(fields) != len(columns):
            raise refused(file, number, f"it has {len(fields)} fields where the first row has {len(columns)}")
        if len(rows) == MOST_ROWS:
            raise refused(file, number, f"it has more than {MOST_ROWS:,} rows")
        rows.append((number, dict(zip(columns, fields, strict=True))))
    return Table(file, columns, tuple(rows))


def _records(file: str, text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Yield (number, fields) of every row that is not blank."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    while True:
        number += 1
        try:
            fields = next(reader, None)
        except csv.Error as error:
            raise refused(file, number, f"the quotes or fields are broken ({error})") from None
        if fields is None:
            return
        if any(field.strip() for field in fields):
            yield number, fields
