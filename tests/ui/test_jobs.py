"""Work goes to the worker, results come back to the UI thread, whatever happens."""

from __future__ import annotations

import threading

import pytest

from onhand.domain.errors import DiskFull
from onhand.domain.progress import Cancelled, CancelToken
from onhand.ui.jobs import Jobs, Then

pytestmark = pytest.mark.ui


class Told:
    """Notes what comes back, in order and with the thread it came on."""

    def __init__(self) -> None:
        self.events: list[tuple[str, object]] = []
        self.threads: set[threading.Thread] = set()

    def then(self, name: str = "") -> Then:
        def note(what: str, value: object = None) -> None:
            self.threads.add(threading.current_thread())
            self.events.append((name + what, value))

        return Then(
            done=lambda result: note("done", result),
            failed=lambda error: note("failed", error.code),
            ended=lambda: note("ended"),
        )

    def wait(self, qtbot, number: int) -> list[tuple[str, object]]:
        qtbot.waitUntil(lambda: len(self.events) >= number, timeout=5000)
        return self.events


def test_a_result_comes_back_on_the_ui_thread(qtbot, jobs):
    told, worker = Told(), []

    def work(services):
        worker.append(threading.current_thread())
        return services.settings.load().context

    jobs.start(work, told.then())
    assert told.wait(qtbot, 2) == [("done", 4096), ("ended", None)]
    assert told.threads == {threading.main_thread()}
    assert worker != [threading.main_thread()]


def test_jobs_run_one_after_the_other(qtbot, jobs):
    told = Told()
    for name in "abc":
        jobs.start(lambda _, name=name: name, told.then())
    results = [value for what, value in told.wait(qtbot, 6) if what == "done"]
    assert results == ["a", "b", "c"]


def test_a_known_failure_is_told(qtbot, jobs):
    told = Told()

    def fail(_):
        raise DiskFull

    jobs.start(fail, told.then())
    assert told.wait(qtbot, 2) == [("failed", "disk_full"), ("ended", None)]


def test_a_stop_is_no_failure(qtbot, jobs):
    told = Told()

    def stop(_):
        raise Cancelled

    jobs.start(stop, told.then())
    assert told.wait(qtbot, 1) == [("ended", None)]


def test_a_bug_reaches_the_exception_hook(qtbot, jobs):
    told = Told()
    with qtbot.captureExceptions() as caught:
        jobs.start(lambda _: 1 / 0, told.then())
        assert told.wait(qtbot, 1) == [("ended", None)]
    assert [kind for kind, _, _ in caught] == [ZeroDivisionError]


def test_a_job_that_was_cancelled_while_it_waited_is_not_begun(qtbot, jobs):
    told, gate, begun = Told(), threading.Event(), []
    token = CancelToken()
    jobs.start(lambda _: gate.wait(), told.then("first "))
    jobs.start(begun.append, told.then("second "), cancel=token)
    token.cancel()
    gate.set()
    told.wait(qtbot, 3)
    assert begun == []
    assert told.events[-1] == ("second ended", None)


def test_work_aside_does_not_wait_for_the_services(qtbot, jobs):
    told, gate = Told(), threading.Event()
    jobs.start(lambda _: gate.wait(), told.then("slow "))
    jobs.start_aside(lambda: "read", told.then("aside "))
    assert told.wait(qtbot, 2)[0] == ("aside done", "read")
    gate.set()
    told.wait(qtbot, 4)


def test_looking_up_waits_for_no_long_run(qtbot, jobs, desktop):
    told, gate = Told(), threading.Event()
    jobs.start(lambda _: gate.wait(), told.then("slow "))
    jobs.look_up(lambda archive: archive.history is desktop.history, told.then("found "))
    assert told.wait(qtbot, 2)[0] == ("found done", True)
    gate.set()
    told.wait(qtbot, 4)


def test_a_long_job_serves_those_who_wait_and_no_other_long_one(qtbot, jobs):
    told, order = Told(), []
    begun, come = threading.Event(), threading.Event()
    heard = threading.Event()

    def long(services):
        begun.set()
        come.wait()
        forget = jobs.way.watch(heard.set)
        heard.wait()
        order.append("pause")
        jobs.way.serve()
        order.append("goes on")
        forget()

    jobs.start(long, told.then("long "), long=True)
    begun.wait(10)
    jobs.start(lambda _: order.append("other"), told.then("other "), long=True)
    come.set()
    for name in ("first", "second"):
        jobs.start(lambda _, name=name: order.append(name), told.then(f"{name} "))
    told.wait(qtbot, 8)
    assert order[0] == "pause"
    assert order.index("first") < order.index("second")
    assert order.index("first") < order.index("goes on") < order.index("other")


def test_a_long_job_lets_others_go_first(qtbot, jobs):
    told, gate, order = Told(), threading.Event(), []
    jobs.start(lambda _: gate.wait(), told.then("running "))
    jobs.start(lambda _: order.append("long"), told.then("long "), long=True)
    jobs.start(lambda _: order.append("short"), told.then("short "))
    gate.set()
    told.wait(qtbot, 6)
    assert order == ["short", "long"]


def test_a_long_job_that_listens_hears_of_the_next_one(qtbot, jobs):
    told, heard, listening = Told(), threading.Event(), threading.Event()

    def long(services):
        forget = jobs.way.watch(heard.set)
        listening.set()
        heard.wait()
        forget()
        jobs.way.serve()

    jobs.start(long, told.then("long "), long=True)
    listening.wait(10)
    assert not heard.is_set()
    jobs.start(lambda _: "answer", told.then("short "))
    assert told.wait(qtbot, 4)[0] == ("short done", "answer")


def test_what_goes_wrong_in_a_pause_harms_only_itself(qtbot, jobs):
    told, waits = Told(), threading.Event()

    def long(services):
        waits.wait()
        jobs.way.serve()
        return "done"

    def fail(_):
        raise DiskFull

    jobs.start(long, told.then("long "), long=True)
    jobs.start(fail, told.then("short "))
    waits.set()
    events = told.wait(qtbot, 4)
    assert events[0] == ("short failed", "disk_full")
    assert ("long done", "done") in events


def test_it_says_when_a_job_has_to_wait(qtbot, jobs):
    told, gate, queued = Told(), threading.Event(), []
    jobs.queued.connect(lambda: queued.append(True))
    jobs.start(lambda _: gate.wait(), told.then())
    assert queued == []
    jobs.start(lambda _: None, told.then())
    assert queued == [True]
    gate.set()
    told.wait(qtbot, 4)


def test_services_that_could_not_be_opened_are_opened_again_by_the_next_job(
    qtbot, jobs, desktop
):
    told = Told()
    desktop.opening = DiskFull()
    jobs.start(lambda _: "never", told.then())
    told.wait(qtbot, 2)
    desktop.opening = None
    jobs.start(lambda _: "now", told.then())
    assert told.wait(qtbot, 4)[0] == ("failed", "disk_full")
    assert told.events[2] == ("done", "now")


def test_closing_cancels_waits_and_closes_the_services(qtbot, desktop):
    jobs, told, token = (
        Jobs(desktop.open, desktop.open_archive, desktop.open_shelf),
        Told(),
        CancelToken(),
    )
    stopped, begun = threading.Event(), threading.Event()

    def work(_):
        begun.set()
        token.listen(stopped.set)
        stopped.wait()
        token.raise_if_cancelled()

    jobs.start(work, told.then(), cancel=token)
    begun.wait(10)
    jobs.close()
    assert (desktop.opened, desktop.closed) == (1, 1)
    assert told.events == []


def test_the_archive_is_closed_at_the_end(qtbot, desktop):
    jobs, told = Jobs(desktop.open, desktop.open_archive, desktop.open_shelf), Told()
    jobs.look_up(lambda archive: archive.jobs.all(), told.then())
    assert told.wait(qtbot, 2)[0] == ("done", [])
    assert desktop.archives_closed == 0
    jobs.close()
    assert (desktop.opened, desktop.archives_closed) == (0, 1)


def test_nothing_is_begun_after_closing(qtbot, desktop):
    jobs, told = Jobs(desktop.open, desktop.open_archive, desktop.open_shelf), Told()
    jobs.close()
    jobs.start(lambda _: "late", told.then())
    assert (told.events, desktop.opened) == ([], 0)


def test_a_call_from_any_thread_runs_on_the_ui_thread(qtbot, jobs):
    seen = []
    other = threading.Thread(
        target=lambda: jobs.post(lambda: seen.append(threading.current_thread()))
    )
    other.start()
    other.join()
    qtbot.waitUntil(lambda: seen == [threading.main_thread()], timeout=5000)
