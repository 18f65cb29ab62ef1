-- One row: when the newest request was logged; null before the first.
select max(requests.requested_at) as newest_at
from requests
