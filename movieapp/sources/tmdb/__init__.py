"""The Movie Database: what it says of films, and their posters, fetched politely and kept here."""

# The words that TMDB asks for wherever its data or pictures are shown, and where they lead.
ATTRIBUTION = "This product uses the TMDB API but is not endorsed or certified by TMDB."
ATTRIBUTION_LINK = "https://www.themoviedb.org"
