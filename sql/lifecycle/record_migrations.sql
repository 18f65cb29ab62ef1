-- Remembers the schema files that were applied now.
-- incoming: name
insert into migrations (name)
select incoming.name
from incoming
