-- One row per schema file already applied.
select migrations.name
from migrations
order by migrations.name
