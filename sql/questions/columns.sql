-- What do the columns of the views and tables mean?
select
    duckdb_columns.table_name as relation,
    duckdb_columns.column_name as name,
    duckdb_columns.data_type as type,
    duckdb_columns.comment as about
from duckdb_columns()
where not duckdb_columns.internal
order by
    duckdb_columns.table_name,
    duckdb_columns.column_index
