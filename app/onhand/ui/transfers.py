"""Downloads as the window knows them: they go on whatever page is open."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from onhand.domain.progress import CancelToken
from onhand.domain.transfers import Transfer, TransferState
from onhand.ui import said
from onhand.ui.jobs import Jobs, Then

if TYPE_CHECKING:
    from collections.abc import Callable

    from onhand.domain.errors import AppError
    from onhand.domain.transfers import OnTransfer
    from onhand.services.shelf import Shelf

_PAUSE = 0.2
"""Seconds between two pictures of a download."""

ACTIVE = frozenset({TransferState.WAITING, TransferState.RUNNING, TransferState.CHECKING})


class Transfers(QObject):
    """Begins, pauses and gives up downloads; one runs at a time, the others wait.

    Signals:
        changed: a download of this model stands otherwise now.
        arrived: this model is here now, or is whole again.
        found: downloads of an earlier run that have not ended; once, after `look`.
        asked: the connection costs money; whether a model of so many bytes shall be
            fetched all the same is for `begin` with `sure`.
    """

    changed = Signal(str)
    arrived = Signal(str)
    found = Signal(object)
    asked = Signal(str, object)

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self._jobs = jobs
        self._known: dict[str, Transfer] = {}
        self._tokens: dict[str, CancelToken] = {}
        self._unwanted: set[str] = set()

    def of(self, model: str) -> Transfer | None:
        """How the download of a model stands; None where there is none."""
        return self._known.get(model)

    def active(self) -> list[Transfer]:
        """Those that run or wait."""
        return [each for each in self._known.values() if each.state in ACTIVE]

    def look(self) -> None:
        """Find those of earlier runs."""
        self._jobs.keep(
            lambda shelf: shelf.downloads.unfinished(),
            # A folder that cannot be read has no downloads; whoever begins one is told.
            Then(done=self._take_found, failed=lambda _: None),
        )

    def begin(self, model: str, total: int, *, sure: bool = False) -> None:
        """Download a model, or the rest of it; `total` is the size of its file.

        Where the connection costs money nothing is fetched before the user is `sure`.
        """
        if sure:
            self._download(model, total)
            return

        def go_on(must_ask: bool) -> None:
            if must_ask:
                self.asked.emit(model, total)
            else:
                self._download(model, total)

        self._jobs.keep(
            lambda shelf: shelf.downloads.must_ask(),
            Then(done=go_on, failed=lambda _: self._download(model, total)),
        )

    def _download(self, model: str, total: int) -> None:
        self._fetch(
            model,
            total,
            lambda shelf, token, tell: shelf.downloads(model, token, tell),
        )

    def repair(self, model: str, total: int) -> None:
        """Fetch what is damaged of a model."""
        self._fetch(
            model,
            total,
            lambda shelf, token, tell: shelf.keep.repair(model, token, tell),
        )

    def pause(self, model: str) -> None:
        """Stop; what has arrived stays."""
        if model in self._tokens:
            self._tokens[model].cancel()

    def give_up(self, model: str) -> None:
        """Stop, and remove what has arrived."""
        self._unwanted.add(model)
        if model in self._tokens:
            self._tokens[model].cancel()
        else:
            self._discard(model)

    def _fetch(
        self,
        model: str,
        total: int,
        work: Callable[[Shelf, CancelToken, OnTransfer], object],
    ) -> None:
        if model in self._tokens:
            return
        before = self._known.get(model)
        self._tokens[model] = token = CancelToken()
        self._unwanted.discard(model)
        self._note(
            Transfer(
                model=model,
                state=TransferState.WAITING,
                done=0 if before is None else before.done,
                total=total if before is None else before.total or total,
            )
        )
        tell = _Seldom(
            lambda transfer: self._jobs.post(partial(self._follow, token, transfer))
        )
        self._jobs.fetch(
            lambda shelf: work(shelf, token, tell),
            Then(
                done=lambda _: self._finish(model),
                failed=partial(self._fail, model),
                ended=partial(self._end, model),
            ),
            token,
        )

    def _follow(self, token: CancelToken, transfer: Transfer) -> None:
        if self._tokens.get(transfer.model) is token and not token.cancelled:
            self._note(transfer)

    def _note(self, transfer: Transfer) -> None:
        self._known[transfer.model] = transfer
        self.changed.emit(transfer.model)

    def _finish(self, model: str) -> None:
        self._known.pop(model, None)
        self.changed.emit(model)
        self.arrived.emit(model)

    def _fail(self, model: str, error: AppError) -> None:
        told = self._known[model]
        self._note(
            replace(told, state=TransferState.FAILED, speed=0.0, reason=said.what(error))
        )

    def _end(self, model: str) -> None:
        token = self._tokens.pop(model)
        told = self._known.get(model)
        if model in self._unwanted:
            self._discard(model)
        elif token.cancelled and told is not None and told.state in ACTIVE:
            self._note(replace(told, state=TransferState.PAUSED, speed=0.0, reason=""))

    def _discard(self, model: str) -> None:
        self._unwanted.discard(model)
        self._jobs.keep(
            lambda shelf: shelf.downloads.discard(model),
            Then(
                done=lambda _: self._forget(model),
                failed=partial(self._fail_known, model),
            ),
        )

    def _forget(self, model: str) -> None:
        self._known.pop(model, None)
        self.changed.emit(model)

    def _fail_known(self, model: str, error: AppError) -> None:
        if model in self._known:
            self._fail(model, error)

    def _take_found(self, found: list[Transfer]) -> None:
        new = [each for each in found if each.model not in self._known]
        for each in new:
            self._note(each)
        if new:
            self.found.emit(new)


class _Seldom:
    """Passes a change of state on at once, and progress now and then."""

    def __init__(self, pass_on: OnTransfer) -> None:
        self._pass_on = pass_on
        self._last = 0.0
        self._state: TransferState | None = None

    def __call__(self, transfer: Transfer) -> None:
        now = perf_counter()
        if transfer.state is not self._state or now - self._last >= _PAUSE:
            self._last, self._state = now, transfer.state
            self._pass_on(transfer)
