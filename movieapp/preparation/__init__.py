"""From ratings in the database to matrices: filter, sort, split, ids to rows."""
