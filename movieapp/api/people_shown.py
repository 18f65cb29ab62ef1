"""What answers about people look like; the answers themselves are made in the routes."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from movieapp.api.shown import UserShown


class ProfileInList(BaseModel):
    """A person with a name."""

    user_id: int
    name: str
    color: str | None
    created_at: datetime
    n_ratings: int


class ProfilesShown(BaseModel):
    """People with names, the first made first."""

    request_id: str
    profiles: list[ProfileInList]


class ProfileShown(ProfileInList):
    """A person with a name."""

    request_id: str


class DeletedShown(BaseModel):
    """Nobody has this id now."""

    request_id: str
    user_id: int


class WatchShown(BaseModel):
    """One viewing."""

    watched_on: date | None
    is_rewatch: bool


class KeptFilm(BaseModel):
    """What somebody keeps about a film; null or nothing where they do not."""

    movie_id: int
    title: str | None
    rating: float | None
    opinion: str | None = Field(description="like, dislike or hide.")
    opinion_since: datetime | None
    watches: list[WatchShown] = Field(description="By day.")
    listed_at: datetime | None = Field(description="Since when it is on the watchlist.")
    note: str | None
    noted_at: datetime | None
    unlearned_at: datetime | None = Field(description="Since when nothing is learned from it.")


class KeptShown(BaseModel):
    """Films that somebody keeps something about, the latest first."""

    request_id: str
    user_id: int
    films: list[KeptFilm]


class ToldShown(KeptFilm):
    """What is kept of the film now. DELETE /feedback/{event_id} undoes it."""

    request_id: str
    event_id: str
    user_id: int


class RatedUserShown(UserShown):
    """The user now. DELETE /feedback/{event_id} undoes the change."""

    event_id: str


class CandidateShown(BaseModel):
    """A film that may be meant."""

    movie_id: int
    title: str


class DoubtfulShown(BaseModel):
    """A film of the file, and films of the release that it may be, the most likely first."""

    position: int
    title: str | None
    year: int | None
    n_rows: int
    candidates: list[CandidateShown]


class UnmatchedShown(BaseModel):
    """A film of the file that the release does not have."""

    title: str | None
    year: int | None
    n_rows: int


class ImportShown(BaseModel):
    """What a file would bring; it waits for an hour."""

    request_id: str
    import_id: str
    name: str
    service: str
    profile_name: str | None = Field(description="Of this app's own exports.")
    n_by_kind: dict[str, int] = Field(description="Rows by what they tell: rating, watched, watchlist, ...")
    n_skipped: int = Field(description="Entries about something else, such as series.")
    n_matched: int = Field(description="Films that are certain.")
    n_doubtful: int
    n_unmatched: int
    share_matched: float
    n_presets: int = Field(description="Settings of lists, of this app's own exports.")
    doubtful: list[DoubtfulShown]
    unmatched: list[UnmatchedShown] = Field(description="The first 100; all are in unmatched.csv.")


class TakenInShown(BaseModel):
    """What an import changed. `n_kept` ratings differ from the file's and stayed."""

    request_id: str
    user_id: int
    n_changes: int
    n_ratings: int
    n_overwritten: int
    n_kept: int
    n_watches: int
    n_watchlist: int
    n_opinions: int
    n_notes: int
    n_unlearned: int
    n_presets: int
