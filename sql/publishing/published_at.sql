-- One row where a release is in: when this copy was published.
select dataset.published_at
from dataset
