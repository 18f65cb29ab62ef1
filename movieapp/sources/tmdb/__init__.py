"""The Movie Database: what it says of films, and their posters, fetched politely and kept here."""

# The words and the link that TMDB's terms ask for wherever its data or pictures are shown, beside its logo.
ATTRIBUTION = (
    "This product uses TMDB and the TMDB APIs but is not endorsed, certified, or otherwise approved by TMDB."
)
ATTRIBUTION_LINK = "https://www.themoviedb.org"
