"""The crash ladder: which build of the kernels to try next, and what is known of them.

A build can be the best on paper and still die in its first batch, because a processor
advertises instructions that it cannot run. So each rung proves itself in a child process,
and what happened is remembered for as long as processor, library and driver stay the same.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Container

CPU = "cpu"
"""The device that is always there."""

CPU = "cpu"
"""The device that is always there."""

DEVICES = frozenset({CPU, "cuda", "metal", "vulkan"})

MAX_UNFINISHED = 2
"""So many trials without a result (the machine went off, say) count as a crash."""

UNFINISHED = "no trial of it came to an end"

NO_FASTER = "it is no faster than the processor with this model"


class Rung(msgspec.Struct, frozen=True, kw_only=True):
    """One way to run a model.

    Attributes:
        device: "cpu", "cuda", "metal" or "vulkan".
        variant: which build of the kernels; "" for the only one.
        repack: whether weights are rearranged for speed (llama.cpp's extra buffer types).
        driver: the version of the device's driver. With another one it is another rung, so
            that a bad driver is held against the device only until it is replaced.
    """

    device: str = CPU
    variant: str = ""
    repack: bool = True
    driver: str = ""

    @property
    def name(self) -> str:
        """The rung in words."""
        inside = [self.variant, f"driver {self.driver}" if self.driver else ""]
        words = ", ".join(each for each in inside if each)
        kind = f"{self.device} ({words})" if words else self.device
        return kind if self.repack else f"{kind}, without repacking"


class Verdict(StrEnum):
    """What came of trying a rung."""

    GOOD = "good"
    CRASHED = "crashed"
    HUNG = "hung"
    REFUSED = "refused"


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """One rung and what came of it; `verdict` is None while a trial runs."""

    rung: Rung
    verdict: Verdict | None = None
    reason: str = ""
    unfinished: int = 0


class LadderRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What is known on this machine; void as soon as `fingerprint` changes.

    Attributes:
        speeds: tokens a second, read and written, by rung and model.
    """

    fingerprint: str
    trials: tuple[Trial, ...] = ()
    speeds: dict[str, tuple[float, float]] = {}

    def of(self, rung: Rung) -> Trial:
        """What is known of a rung."""
        return next(
            (trial for trial in self.trials if trial.rung == rung), Trial(rung=rung)
        )

    def proven(self, rung: Rung) -> bool:
        """Whether the rung has run a real batch here."""
        return self.of(rung).verdict is Verdict.GOOD

    def failed(self, rung: str) -> bool:
        """Whether the rung with this name has failed here."""
        return any(trial.rung.name == rung and _failed(trial) for trial in self.trials)

    def speeds_of(self, rung: Rung, model: str) -> tuple[float, float] | None:
        """What was measured of a model on a rung; None when it never ran there."""
        return self.speeds.get(_measured(rung, model))

    def with_speeds(
        self, rung: Rung, model: str, speeds: tuple[float, float]
    ) -> LadderRecord:
        """The record with what was measured of a model."""
        return msgspec.structs.replace(
            self, speeds={**self.speeds, _measured(rung, model): speeds}
        )

    def beginning(self, rung: Rung) -> LadderRecord:
        """The record to write down before a rung is tried."""
        old = self.of(rung)
        return self._with(Trial(rung=rung, unfinished=old.unfinished + 1))

    def ending(self, rung: Rung, verdict: Verdict, reason: str = "") -> LadderRecord:
        """The record to write down after a rung was tried."""
        return self._with(Trial(rung=rung, verdict=verdict, reason=reason))

    def notes(self) -> tuple[str, ...]:
        """What was tried and why not, in words."""
        return tuple(
            f"{trial.rung.name}: {trial.reason or UNFINISHED}"
            for trial in self.trials
            if _failed(trial)
        )

    def _with(self, trial: Trial) -> LadderRecord:
        own = _without_driver(trial.rung)
        others = tuple(each for each in self.trials if _without_driver(each.rung) != own)
        return msgspec.structs.replace(self, trials=(*others, trial))


def next_rung(rungs: tuple[Rung, ...], record: LadderRecord) -> Rung | None:
    """The first build for the processor that has not failed; None when all have.

    `rungs` come best first, those of other devices among them.
    """
    return next(
        (rung for rung in rungs if rung.device == CPU and not _failed(record.of(rung))),
        None,
    )


def next_device(
    rungs: tuple[Rung, ...], record: LadderRecord, wanted: str, passed: Container[str]
) -> Rung | None:
    """The device to try beside the processor, which has run already; None for none.

    Args:
        rungs: all of them, best first.
        record: what is known.
        wanted: "cpu" for no device, the name of one, or anything else for the best.
        passed: names of rungs that are out of the question this time.
    """
    if wanted == CPU:
        return None
    return next(
        (
            rung
            for rung in rungs
            if rung.device != CPU
            and (wanted == rung.device or wanted not in DEVICES)
            and rung.name not in passed
            and not _failed(record.of(rung))
        ),
        None,
    )


def is_faster(speeds: tuple[float, float], than: tuple[float, float]) -> bool:
    """Whether a page with a short answer takes less time.

    Speeds are tokens read and written a second.
    """
    from onhand.domain.fit import page_seconds  # noqa: PLC0415 - a record is read without it

    return page_seconds(*speeds) < page_seconds(*than)


def _without_driver(rung: Rung) -> Rung:
    return msgspec.structs.replace(rung, driver="")


def _measured(rung: Rung, model: str) -> str:
    return f"{rung.name} | {model}"


def _failed(trial: Trial) -> bool:
    if trial.verdict is None:
        return trial.unfinished >= MAX_UNFINISHED
    return trial.verdict is not Verdict.GOOD
