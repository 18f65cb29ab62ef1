"""The jobs: what runs when in the background of the serving process, each once at a time, and recorded."""

from movieapp.jobs.background import Jobs as Jobs
from movieapp.jobs.preparation import Preparation as Preparation
from movieapp.jobs.table import JOBS as JOBS
from movieapp.jobs.table import Job as Job
from movieapp.jobs.work import Terms as Terms
from movieapp.jobs.work import Workplace as Workplace
