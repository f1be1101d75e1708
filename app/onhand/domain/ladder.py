"""The crash ladder: which build of the kernels to try next, and what is known of them.

A build can be the best on paper and still die in its first batch, because a processor
advertises instructions that it cannot run. So each rung proves itself in a child process,
and what happened is remembered for as long as processor, library and driver stay the same.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

MAX_UNFINISHED = 2
"""So many trials without a result (the machine went off, say) count as a crash."""

UNFINISHED = "no trial of it came to an end"


class Rung(msgspec.Struct, frozen=True, kw_only=True):
    """One way to run a model.

    Attributes:
        device: "cpu", later "cuda", "metal", "vulkan".
        variant: which build of the kernels; "" for the only one.
        repack: whether weights are rearranged for speed (llama.cpp's extra buffer types).
    """

    device: str = "cpu"
    variant: str = ""
    repack: bool = True

    @property
    def name(self) -> str:
        """The rung in words."""
        kind = f"{self.device} ({self.variant})" if self.variant else self.device
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
        others = tuple(each for each in self.trials if each.rung != trial.rung)
        return msgspec.structs.replace(self, trials=(*others, trial))


def next_rung(rungs: tuple[Rung, ...], record: LadderRecord) -> Rung | None:
    """The first rung that has not failed, of `rungs`, best first; None when all have."""
    return next((rung for rung in rungs if not _failed(record.of(rung))), None)


def _measured(rung: Rung, model: str) -> str:
    return f"{rung.name} | {model}"


def _failed(trial: Trial) -> bool:
    if trial.verdict is None:
        return trial.unfinished >= MAX_UNFINISHED
    return trial.verdict is not Verdict.GOOD
