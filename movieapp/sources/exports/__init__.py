"""What people did elsewhere: exports of Letterboxd, IMDb, Trakt, MovieLens and this app, read and written."""
