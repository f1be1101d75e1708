"""Keeps the answer that is shown, once the history can take it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.ui.jobs import Jobs, Then

if TYPE_CHECKING:
    from collections.abc import Callable

    from onhand.services.run_task import Ran
    from onhand.ui.answer_panel import AnswerPanel


def keep_shown(jobs: Jobs, panel: AnswerPanel, kept: Callable[[], None]) -> None:
    """Keep what only the missing key kept out; `kept` is called when that is done."""
    record = panel.unkept
    if record is None:
        return

    def show(ran: Ran) -> None:
        if panel.record is record:
            panel.show_answer(ran.record, ran.not_kept, measured=ran.measured)
        if ran.not_kept is None:
            kept()

    jobs.start(
        lambda services: services.run_task.keep(record),
        Then(done=show, failed=lambda _: None),
    )
