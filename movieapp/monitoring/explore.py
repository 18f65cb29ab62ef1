"""The release itself, for people who would rather look than read: plots first, one sentence each."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from movieapp.database import Database
from movieapp.errors import NotReady
from movieapp.monitoring import plots
from movieapp.monitoring.document import Document, Plot, Section, Table, Tile, html, put
from movieapp.monitoring.plots import percent
from movieapp.preparation.interactions import LIKE, read_ratings
from movieapp.preparation.split import (
    MIN_RATINGS_OF_MOVIE,
    MIN_RATINGS_OF_USER,
    Split,
    filtered,
    split,
)

FILE = "explore.html"
# Fewer likes than this say little of a person's taste; new users are folded in from as many.
ENOUGH_LIKES = 5


@dataclass(frozen=True, slots=True)
class Release:
    """The counts behind the plots; see the statements of the same names in sql/monitoring/."""

    name: str
    stars: pl.DataFrame
    people: pl.DataFrame
    films: pl.DataFrame
    months: pl.DataFrame
    genres: pl.DataFrame
    n_ratings: int
    kept: pl.DataFrame
    n_people: int
    n_films: int

    @property
    def n_release(self) -> int:
        """How many ratings the release has."""
        return _total(self.stars["n_ratings"])


def explore(database: Database, folder: Path, *, now: datetime) -> Path:
    """Write `explore.html` into a folder, whole or not at all, and return it."""
    return put(folder / FILE, html(exploration(database, now=now)))


def exploration(database: Database, *, now: datetime) -> Document:
    """Return the report on the release; `NotReady` before the first ingest."""
    dataset = database.read("catalog/dataset")
    release = _read(database, dataset)
    first, last = release.months["month"][0], release.months["month"][-1]
    people, films = _total(release.people["n_people"]), _total(release.films["n_films"])
    return Document(
        f"Exploring {release.name}",
        f"{release.n_release:,} ratings by {people:,} people of {films:,} films, "
        f"{first:%B %Y} to {last:%B %Y}.",
        now,
        (
            Section("Ratings", plots=(_stars(release), _months(release))),
            Section(
                "People and films",
                plots=(_activity(release), _likes(release), _newcomers(release), _tail(release)),
            ),
            Section("Genres", plots=_genres(release)),
            _models(release),
        ),
    )


def _read(database: Database, dataset: pl.DataFrame) -> Release:
    stars = database.read("monitoring/release_stars")
    if dataset.is_empty() or stars.is_empty():
        raise NotReady("There is no release to explore yet. Ingest one first: launcher.py ingest.")
    ratings = read_ratings(database)
    return Release(
        str(dataset["release"][0]),
        stars,
        database.read("monitoring/release_people"),
        database.read("monitoring/release_films"),
        database.read("monitoring/release_months"),
        database.read("monitoring/release_genres"),
        ratings.height,
        filtered(ratings),
        ratings["user_id"].n_unique(),
        ratings["movie_id"].n_unique(),
    )


def _stars(release: Release) -> Plot:
    stars = release.stars
    values = [n / release.n_release for n in stars["n_ratings"]]
    liked = sum(n for rating, n in stars.iter_rows() if rating >= LIKE) / release.n_release
    mean = sum(rating * n for rating, n in stars.iter_rows()) / release.n_release
    sentence = f"{percent(liked)} of the ratings are likes, {LIKE:.0f} stars or more; the mean is {mean:.2f}."
    labels = [f"{rating:g}" for rating in stars["rating"]]
    drawn = plots.bars(labels, values, about=sentence, form=percent, x="stars")
    return Plot("How many stars people give", sentence, drawn)


def _months(release: Release) -> Plot:
    whole = _every_month(release.months)
    busiest = whole.row(int(whole["n_ratings"].arg_max() or 0), named=True)
    share = percent(busiest["n_ratings"] / release.n_release)
    sentence = f"The busiest month was {busiest['month']:%B %Y}, with {share} of all ratings."
    labels = [f"{month:%b %Y}" for month in whole["month"]]
    drawn = plots.bars(labels, whole["n_ratings"].to_list(), about=sentence)
    return Plot("Ratings over time, by month", sentence, drawn)


def _newcomers(release: Release) -> Plot:
    whole = _every_month(release.months)
    n_active, n_new = _total(whole["n_people"]), _total(whole["n_new"])
    sentence = (
        f"Of the people of a month, {percent((n_active - n_new) / n_active)} had been there in an earlier "
        "one, on average."
    )
    series = {"active that month": whole["n_people"].to_list(), "of them new": whole["n_new"].to_list()}
    drawn = plots.lines([f"{month:%b %Y}" for month in whole["month"]], series, about=sentence)
    return Plot("People over time, by month", sentence, drawn)


def _every_month(months: pl.DataFrame) -> pl.DataFrame:
    """Return the months with those in which nothing happened."""
    whole = months.select(
        pl.datetime_range(pl.col("month").min(), pl.col("month").max(), "1mo").alias("month")
    )
    return whole.join(months, on="month", how="left").fill_null(0).sort("month")


def _activity(release: Release) -> Plot:
    people = release.people
    labels, counts = plots.binned(people.select("n_ratings", "n_people").iter_rows())
    ordered = people.sort("n_ratings")
    half = ordered.filter(pl.col("n_people").cum_sum() * 2 >= pl.col("n_people").sum())["n_ratings"][0]
    top = int(ordered["n_ratings"][-1])
    sentence = f"Half of the people gave {half:,} ratings or fewer; the most active gave {top:,}."
    drawn = plots.bars(labels, counts, about=sentence, x="ratings by one person")
    return Plot("How active people are", sentence, drawn)


def _likes(release: Release) -> Plot:
    people = release.people
    labels, counts = plots.binned(people.select("n_likes", "n_people").iter_rows())
    enough = _total(people.filter(pl.col("n_likes") >= ENOUGH_LIKES)["n_people"])
    total = _total(people["n_people"])
    sentence = (
        f"{enough:,} of {total:,} people ({percent(enough / total)}) have {ENOUGH_LIKES} likes or more, "
        "enough to tell their taste."
    )
    drawn = plots.bars(labels, counts, about=sentence, x="likes by one person")
    return Plot("How many have enough likes", sentence, drawn)


def _tail(release: Release) -> Plot:
    """The share of all ratings that the most rated films hold, by share of the films."""
    films = release.films.with_columns(
        places=pl.col("n_films").cum_sum(), held=(pl.col("n_films") * pl.col("n_ratings")).cum_sum()
    )
    n_films, n_ratings = _total(films["n_films"]), int(films["held"][-1])

    def held(share: float) -> float:
        """Return what the first films hold; among films of equally many ratings in proportion."""
        wanted = share * n_films
        before = films.filter(pl.col("places") <= wanted)
        places, ratings = (before["places"][-1], before["held"][-1]) if before.height else (0, 0)
        within = films[before.height : before.height + 1]
        rest = (wanted - places) * within["n_ratings"][0] if within.height else 0.0
        return float((ratings + rest) / n_ratings)

    shares = [place / 20 for place in range(21)]
    rarely = _total(films.filter(pl.col("n_ratings") < MIN_RATINGS_OF_MOVIE)["n_films"])
    sentence = (
        f"A tenth of the films holds {percent(held(0.1))} of the ratings; {percent(rarely / n_films)} of the "
        f"films have fewer than {MIN_RATINGS_OF_MOVIE}."
    )
    series = {"share of the ratings": [held(share) for share in shares]}
    labels = [f"{100 * share:.0f} %" for share in shares]
    drawn = plots.lines(labels, series, about=sentence, form=percent, x="of the films, the most rated first")
    return Plot("The long tail", sentence, drawn)


def _genres(release: Release) -> tuple[Plot, ...]:
    alone = release.genres.filter(pl.col("genre") == pl.col("other_genre")).sort("n_films", descending=True)
    if alone.is_empty():
        return ()
    n_films = _total(release.films["n_films"])
    names, counts = alone["genre"].to_list(), alone["n_films"].to_list()
    first = f"{names[0]} is the most common genre: {percent(counts[0] / n_films)} of the films have it."
    shares = {"share of the films": [count / n_films for count in counts]}
    together = {(one, other): n for one, other, n in release.genres.iter_rows()}
    of_row = [[together.get((one, other), 0) / together[one, one] for other in names] for one in names]
    closest = max(
        ((of_row[i][j], names[i], names[j]) for i in range(len(names)) for j in range(len(names)) if i != j),
        default=(0.0, names[0], names[0]),
    )
    second = (
        f"Of the films in a row's genre, how many also have the column's: {percent(closest[0])} of "
        f"{closest[1]} are {closest[2]} too."
    )
    return (
        Plot("Films by genre", first, plots.pairs(names, shares, about=first)),
        Plot("Which genres go together", second, plots.matrix(names, of_row, about=second)),
    )


def _models(release: Release) -> Section:
    """What the models see of it: after the filters, and on either side of the split."""
    kept = release.kept
    n_people, n_films = kept["user_id"].n_unique(), kept["movie_id"].n_unique()
    rows = [
        _cut("Ratings", release.n_ratings, kept.height),
        _cut("People", release.n_people, n_people),
        _cut("Films with ratings", release.n_films, n_films),
    ]
    rule = (
        f"Models see people with {MIN_RATINGS_OF_USER} ratings or more, "
        f"and films with {MIN_RATINGS_OF_MOVIE} or more."
    )
    tables = [Table("What the filters cut", ("", "Before", "After", "Kept"), rows, rule)]
    sentence = "What is left is cut at two instants: models learn before them and are measured after."
    if kept.height < 20:
        sentence = "Too little is left to be split in time."
        return Section("What the models see", sentence, tables=tables)
    parts = split(kept)
    before = {"Validation": parts.train, "Test": parts.before_test}
    after = {"Validation": parts.validation, "Test": parts.test}
    windows = [_window(name, before[name], after[name], parts) for name in before]
    columns = (
        "Window",
        "Begins",
        "Ratings",
        "People",
        "Returning",
        "With first likes",
        "Likes of unknown films",
    )
    said = (
        "Returning people have likes before the window and in it; others like something for the first time. "
        "Nobody has liked an unknown film before the window, so no model can know it from likes."
    )
    tables.append(Table("What the split cuts", columns, windows, said))
    returning, people = int(windows[1][4].replace(",", "")), int(windows[1][3].replace(",", ""))
    tiles = (
        Tile("Ratings that models see", percent(kept.height / release.n_ratings), f"{kept.height:,} ratings"),
        Tile(
            "Films that models know", percent(n_films / release.n_films), f"{n_films:,} of those with ratings"
        ),
        Tile(
            "Returning people in the test window",
            f"{returning:,}",
            f"of {people:,} who rated something there ({percent(returning / people)})",
        ),
    )
    return Section("What the models see", sentence, tiles, tables=tables)


def _cut(name: str, before: int, after: int) -> tuple[str, ...]:
    return name, f"{before:,}", f"{after:,}", percent(after / before)


def _window(name: str, before: pl.DataFrame, after: pl.DataFrame, parts: Split) -> tuple[str, ...]:
    is_like = pl.col("rating") >= LIKE
    earlier, likes = before.filter(is_like), after.filter(is_like)
    is_known = pl.col("movie_id").is_in(earlier["movie_id"].unique().to_list())
    had_likes = pl.col("user_id").is_in(earlier["user_id"].unique().to_list())
    begins = parts.validation_from if name == "Validation" else parts.test_from
    return (
        name,
        f"{begins:%d %b %Y}",
        f"{after.height:,}",
        f"{after['user_id'].n_unique():,}",
        f"{likes.filter(is_known & had_likes)['user_id'].n_unique():,}",
        f"{likes.filter(~had_likes)['user_id'].n_unique():,}",
        f"{likes.filter(~is_known).height:,}",
    )


def _total(counts: pl.Series) -> int:
    return int(counts.sum())
