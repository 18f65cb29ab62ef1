-- What is there to ask, table by table and view by view?
select
    relations.name,
    relations.kind,
    relations.n_rows,
    relations.about
from (
    select
        duckdb_views.view_name as name,
        'view' as kind,
        null as n_rows,
        duckdb_views.comment as about
    from duckdb_views()
    where not duckdb_views.internal
    union all
    select
        duckdb_tables.table_name as name,
        'table' as kind,
        duckdb_tables.estimated_size as n_rows,
        duckdb_tables.comment as about
    from duckdb_tables()
) as relations
order by
    relations.kind desc,
    relations.name
