"""MLflow, kept in the data folder without its server: runs, versions, and which of them serves."""

from movieapp.registry.registry import Registry as Registry
from movieapp.registry.registry import flat as flat
from movieapp.registry.registry import production as production
from movieapp.registry.remembered import has_registry as has_registry
from movieapp.registry.versions import MEASURED as MEASURED
from movieapp.registry.versions import SERVING as SERVING
from movieapp.registry.versions import Stage as Stage
from movieapp.registry.versions import Version as Version
