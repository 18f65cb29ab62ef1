"""What people keep about films, when another release takes the place of the one they did it on."""

import polars as pl

from movieapp.database import Cursor


def drop_stranded(cursor: Cursor, stranded: pl.DataFrame) -> int:
    """Remove what is kept of pairs (user_id, movie_id) that mean nothing any more; return how many rows."""
    pairs = stranded.select("user_id", "movie_id")
    n_dropped = cursor.write("catalog/delete_stranded_opinions", incoming=pairs)
    n_dropped += cursor.write("catalog/delete_stranded_watches", incoming=pairs)
    n_dropped += cursor.write("catalog/delete_stranded_watchlist", incoming=pairs)
    n_dropped += cursor.write("catalog/delete_stranded_notes", incoming=pairs)
    return n_dropped + cursor.write("catalog/delete_stranded_unlearned", incoming=pairs)
