"""HTTP: routes by noun, wire schemas, and the one place where errors become statuses."""
