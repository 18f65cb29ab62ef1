"""Jobs in the background: in turn or beside the others, to be looked at and to be ended."""

import os
import sys
import threading
from datetime import datetime, timedelta

import pytest

from movieapp.errors import Conflict, NotFound, NotReady
from movieapp.jobs.background import Jobs
from movieapp.jobs.priority import LOW_PRIORITY
from movieapp.jobs.runs import Done, Runs
from movieapp.jobs.table import AFTER_EVERY_JOB, JOBS
from movieapp.jobs.work import Workplace
from movieapp.progress import Progress
from movieapp.serving.status import Phase, Status
from tests.jobs.held import NOW, TODAY, Held, Open, wait_until
from tests.rows import rows


def outcome(place: Workplace, run_id: str) -> str | None:
    frame = rows(place.database, "from job_runs")
    return str(frame.filter(frame["run_id"].cast(str) == run_id)["outcome"].item() or "") or None


def is_idle(jobs: Jobs, name: str) -> bool:
    (listed,) = [listed for listed in jobs.listing() if listed.name == name]
    return listed.running is None and not listed.is_waiting


def test_a_job_runs_once_at_a_time(opened: Open, place: Workplace) -> None:
    held = Held()
    jobs = opened(retrain=held)
    run_id = jobs.start("retrain")
    held.wait_for_it()
    with pytest.raises(Conflict, match="retrain runs already"):
        jobs.start("retrain")
    held.may_end.set()
    wait_until(lambda: outcome(place, run_id) == "done")
    assert held.n_begun == 1
    again = jobs.start("retrain", started_by="api")
    wait_until(lambda: outcome(place, again) == "done")
    assert rows(place.database, "from job_runs")["started_by"].sort().to_list() == ["api", "page"]


def test_another_job_waits_for_its_turn(opened: Open, place: Workplace) -> None:
    first, second = Held(), Held()
    jobs = opened(retrain=first, replay=second)
    jobs.start("retrain")
    first.wait_for_it()
    waiting = jobs.start("replay")
    with pytest.raises(Conflict, match="replay waits for its turn already"):
        jobs.start("replay")
    retrain, replay = jobs.listing()
    assert (retrain.name, retrain.is_waiting, retrain.running is not None) == ("retrain", False, True)
    assert (replay.is_waiting, replay.running, replay.runs[0]["outcome"]) == (True, None, None)
    assert second.n_begun == 0
    first.may_end.set()
    second.wait_for_it()
    second.may_end.set()
    wait_until(lambda: outcome(place, waiting) == "done")


def test_a_job_that_runs_ends_at_its_next_stage(opened: Open, place: Workplace) -> None:
    held = Held()
    jobs = opened(retrain=held)
    run_id = jobs.start("retrain")
    held.wait_for_it()
    assert jobs.cancel("retrain") == run_id
    wait_until(lambda: outcome(place, run_id) == "cancelled")
    wait_until(lambda: jobs.listing()[0].running is None)
    with pytest.raises(Conflict, match="nothing to cancel"):
        jobs.cancel("retrain")


def test_a_job_that_waits_does_not_begin(opened: Open, place: Workplace) -> None:
    first, second = Held(), Held()
    jobs = opened(retrain=first, replay=second)
    jobs.start("retrain")
    first.wait_for_it()
    waiting = jobs.start("replay")
    jobs.cancel("replay")
    assert outcome(place, waiting) == "cancelled"
    first.may_end.set()
    wait_until(lambda: jobs.listing()[0].running is None)
    assert second.n_begun == 0


def test_what_was_done_is_published(opened: Open) -> None:
    held, publish = Held(), Held()
    publish.may_end.set()
    held.may_end.set()
    jobs = opened(replay=held, publish=publish)
    publish.wait_for_it()  # at the start
    wait_until(lambda: not jobs.listing()[1].is_waiting and jobs.listing()[1].running is None)
    jobs.start("replay")
    publish.wait_for_it()
    assert publish.n_begun == 2


def test_a_publication_waits_for_no_training(opened: Open, place: Workplace) -> None:
    training, publish = Held(), Held()
    publish.may_end.set()
    jobs = opened(beside={"publish"}, retrain=training, publish=publish)
    publish.wait_for_it()  # at the start
    wait_until(lambda: is_idle(jobs, "publish"))
    jobs.start("retrain")
    training.wait_for_it()
    run_id = jobs.start("publish")
    wait_until(lambda: outcome(place, run_id) == "done")
    assert jobs.listing()[0].running is not None
    training.may_end.set()
    wait_until(lambda: is_idle(jobs, "retrain"))


def test_what_runs_beside_the_others_runs_once_at_a_time_too(opened: Open, place: Workplace) -> None:
    training, copying = Held(), Held()
    jobs = opened(beside={"copy"}, retrain=training, copy=copying)
    jobs.start("retrain")
    run_id = jobs.start("copy")
    training.wait_for_it()
    copying.wait_for_it()
    assert [listed.running is not None for listed in jobs.listing()] == [True, True]
    with pytest.raises(Conflict, match="copy runs already"):
        jobs.start("copy")
    copying.may_end.set()
    wait_until(lambda: outcome(place, run_id) == "done")
    assert copying.n_begun == 1


def test_what_ends_while_a_copy_is_made_is_published_by_another(opened: Open) -> None:
    replay, publish = Held(), Held()
    jobs = opened(beside={"publish"}, replay=replay, publish=publish)
    publish.wait_for_it()  # at the start
    jobs.start("replay")
    replay.wait_for_it()
    replay.may_end.set()
    wait_until(lambda: is_idle(jobs, "replay"))
    publish.may_end.set()
    publish.wait_for_it()
    wait_until(lambda: is_idle(jobs, "publish"))
    assert publish.n_begun == 2


def test_runs_beside_each_other_are_cancelled_one_by_one(opened: Open, place: Workplace) -> None:
    training, copying, moving = Held(), Held(), Held()
    jobs = opened(beside={"copy", "move"}, retrain=training, copy=copying, move=moving)
    run_ids = [jobs.start(name) for name in ("retrain", "copy", "move")]
    training.wait_for_it()
    copying.wait_for_it()
    jobs.cancel("move")  # which waits
    jobs.cancel("copy")
    wait_until(lambda: outcome(place, run_ids[1]) == "cancelled")
    assert [outcome(place, run_id) for run_id in run_ids] == [None, "cancelled", "cancelled"]
    jobs.cancel("retrain")
    wait_until(lambda: outcome(place, run_ids[0]) == "cancelled")
    assert moving.n_begun == 0


def test_a_failed_job_is_followed_by_others(opened: Open, place: Workplace) -> None:
    broken, sound = Held(raises=ZeroDivisionError()), Held()
    broken.may_end.set()
    sound.may_end.set()
    jobs = opened(retrain=broken, replay=sound)
    run_id = jobs.start("retrain")
    wait_until(lambda: outcome(place, run_id) == "failed")
    after = jobs.start("replay")
    wait_until(lambda: outcome(place, after) == "done")


def test_the_status_shows_a_training_and_then_what_it_was(opened: Open, status: Status) -> None:
    held = Held()
    jobs = opened(retrain=held, trains=True)
    wait_until(lambda: status.current.phase is Phase.OK)
    jobs.start("retrain")
    wait_until(lambda: status.current.stage == "holding")
    assert (status.current.phase, status.current.share) == (Phase.TRAINING, 0.5)
    held.may_end.set()
    wait_until(lambda: status.current.phase is Phase.OK)


def test_trouble_from_before_a_training_is_shown_again(opened: Open, status: Status) -> None:
    held = Held()
    jobs = opened(retrain=held, trains=True)
    wait_until(lambda: jobs.listing()[0].next_run_at)
    status.degraded("The model is broken.")
    jobs.start("retrain")
    wait_until(lambda: status.current.stage == "holding")
    held.may_end.set()
    wait_until(lambda: status.current.phase is Phase.DEGRADED)
    assert status.current.problem == "The model is broken."


def test_closing_ends_what_runs_and_the_next_start_knows(opened: Open, place: Workplace) -> None:
    held, waiting = Held(), Held()
    jobs = opened(retrain=held, replay=waiting)
    jobs.start("retrain")
    held.wait_for_it()
    jobs.start("replay")
    jobs.close()
    with pytest.raises(NotReady, match="being stopped"):
        jobs.start("retrain")
    assert waiting.n_begun == 0
    # Both are due again, and the second start finds the training's remains to clean up.
    assert Runs(place.database, clock=lambda: NOW).mark_interrupted() == ["replay", "retrain"]
    assert Runs(place.database, clock=lambda: NOW).last() == {}


def test_closing_ends_what_runs_beside_the_others(opened: Open, place: Workplace) -> None:
    before = set(threading.enumerate())
    training, copying, moving = Held(), Held(), Held()
    jobs = opened(beside={"copy", "move"}, retrain=training, copy=copying, move=moving)
    for name in ("retrain", "copy", "move"):
        jobs.start(name)
    training.wait_for_it()
    copying.wait_for_it()
    jobs.close()
    assert not [thread for thread in set(threading.enumerate()) - before if thread.name.startswith("jobs")]
    assert moving.n_begun == 0
    with pytest.raises(NotReady, match="being stopped"):
        jobs.start("copy")
    assert Runs(place.database, clock=lambda: NOW).mark_interrupted() == ["copy", "move", "retrain"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux gives each thread a priority")
def test_requests_go_before_every_job(opened: Open) -> None:
    seen: list[int] = []

    def look(_place: Workplace, _now: datetime, _progress: Progress) -> Done:
        seen.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
        return Done("done", "Looked.")

    jobs = opened(beside={"copy"}, retrain=look, copy=look)
    jobs.start("retrain")
    jobs.start("copy")
    wait_until(lambda: len(seen) == 2)
    assert min(seen) >= LOW_PRIORITY


def test_analysts_wait_for_no_other_job() -> None:
    assert [job.name for job in JOBS.values() if job.runs_beside] == [AFTER_EVERY_JOB] == ["publish"]


def test_a_run_that_was_cut_off_is_marked_and_told_to_what_brings_the_instance_up(
    place: Workplace, status: Status
) -> None:
    told: list[bool] = []
    for _ in range(2):
        jobs = Jobs(place, status=status, times={}, clock=lambda: NOW, table={})
        jobs.open(lambda _progress, was_interrupted: told.append(was_interrupted))
        jobs.close()
        if len(told) == 1:
            Runs(place.database, clock=lambda: NOW).add("retrain", started_by="schedule")
    assert told == [False, True]
    assert rows(place.database, "from job_runs")["outcome"].to_list() == ["interrupted"]


def test_an_unknown_job_is_told_from_the_known_ones(opened: Open) -> None:
    jobs = opened(retrain=Held(), replay=Held())
    for act in (jobs.start, jobs.cancel):
        with pytest.raises(NotFound, match=r"no job 'sweep'. The jobs are: retrain, replay\."):
            act("sweep")


def test_the_listing_says_when_a_job_runs_next(opened: Open) -> None:
    jobs = opened(retrain=Held())
    wait_until(lambda: jobs.listing()[0].next_run_at)
    (listed,) = jobs.listing()
    assert listed.schedule == "every 1440 minutes"
    assert listed.next_run_at == TODAY + timedelta(days=1)
