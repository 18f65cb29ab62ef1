"""What a MovieLens title says besides the name: the year it ends with."""

import re

# "(1999)", and for series "(2006–2007)", "(1975-1979)", "(2009– )". Some go on after it: "(1995) (V)".
_YEAR = re.compile(r"\(\s*([0-9]{4})\s*(?:[-–—]\s*(?:[0-9]{2,4})?\s*)?\)")

FIRST_FILM, LAST_YEAR = 1870, 2100


def release_year(title: str) -> int | None:
    """Return the last year in parentheses, the first of a range, or None for a title without one."""
    years = [int(year) for year in _YEAR.findall(title)]
    plausible = [year for year in years if FIRST_FILM <= year <= LAST_YEAR]
    return plausible[-1] if plausible else None
