"""Titles as MovieLens writes them and as people and other services write them, made comparable."""

import re
import unicodedata

import polars as pl

# Articles that MovieLens moves to the end, in the languages of its titles.
ARTICLES = (
    *("The", "A", "An"),
    *("Le", "La", "Les", "L'", "Un", "Une"),
    *("Der", "Die", "Das", "Ein", "Eine"),
    *("El", "Los", "Las", "Il", "Lo", "Gli", "I", "Una", "O", "Os", "As", "Det", "Den", "De", "Het"),
)
_YEAR = re.compile(r" ?\((\d{4})(?:[-–]\d{0,4})?\)$")
_MOVED = re.compile(rf"^(?P<rest>.+), (?P<article>{'|'.join(ARTICLES)})$")
# Not at the very start: "(500) Days of Summer" has no other name.
_ALSO = re.compile(r"(?<=.) ?\((?:a\.k\.a\. )?(?P<also>[^()]*)\)")


def name(title: str) -> str:
    """Return the title as people write it: "Matrix, The (1999)" is "The Matrix"."""
    return names(title)[0]


def names(title: str) -> list[str]:
    """Return every name in a title, the main one first: translations and a.k.a. stand in parentheses."""
    line = _one_line(title)
    undated = _YEAR.sub("", line).strip()
    if "(" not in undated:
        return [_article_first(undated or line)]
    main = _article_first(_ALSO.sub("", undated).strip() or line)
    others = (_article_first(found["also"].strip()) for found in _ALSO.finditer(undated))
    return list(dict.fromkeys([main, *(other for other in others if other)]))


def year_asked(text: str) -> int | None:
    """Return the year that somebody wrote in parentheses at the end, if any."""
    found = _YEAR.search(_one_line(text))
    return int(found[1]) if found else None


def normalised(text: str) -> str:
    """Return lower-case words without accents and punctuation, for comparing what people type."""
    plain = text.replace("&", " and ")
    plain = plain.lower() if plain.isascii() else _without_accents(plain)
    plain = re.sub(r"[’'`.]", "", plain)
    return " ".join(re.findall(r"\w+", plain))


def _without_accents(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold()
    # Case folding can bring marks back: the dotted capital I becomes an i and a dot above.
    plain = unicodedata.normalize("NFKD", plain)
    return "".join(character for character in plain if not unicodedata.combining(character))


def all_normalised(texts: pl.Series) -> pl.Series:
    """Return what `normalised` returns for each; for ASCII, as most titles are, without a Python loop."""
    is_ascii = texts.str.len_bytes() == texts.str.len_chars()
    plain = texts.str.replace_all("&", " and ", literal=True).str.to_lowercase().str.replace_all("['`.]", "")
    words = plain.str.replace_all(r"\W+", " ").str.strip_chars(" ")
    others = texts.filter(~is_ascii).to_list()
    return words.scatter((~is_ascii).arg_true(), [normalised(text) for text in others])


def without_article(normal: str) -> str:
    """Return a normalised name without its first word if that is an article."""
    first, _, rest = normal.partition(" ")
    return rest if rest and first in _NORMAL_ARTICLES else normal


def _one_line(text: str) -> str:
    # Single blanks also keep the patterns above from going back and forth over long runs of them.
    return " ".join(text.split())


def _article_first(main: str) -> str:
    if "," not in main:
        return main
    moved = _MOVED.match(main)
    if moved is None:
        return main
    gap = "" if moved["article"].endswith("'") else " "
    return f"{moved['article']}{gap}{moved['rest']}"


_NORMAL_ARTICLES = {normalised(article) for article in ARTICLES}
