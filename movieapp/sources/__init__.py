"""What comes from outside: MovieLens releases, from a zip, a folder or GroupLens."""
