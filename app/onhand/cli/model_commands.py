"""`models use` and `models tune`: choosing what answers, and making it faster."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from onhand.cli.fit_commands import model_object
from onhand.cli.wording import tuning_lines
from onhand.domain.progress import CancelToken

if TYPE_CHECKING:
    from onhand.cli.arguments import Arguments
    from onhand.cli.output import Output
    from onhand.domain.layouts import Tuning
    from onhand.services.bundle import Services
    from onhand.services.ports import InstalledModel


def use(arguments: Arguments, services: Services, output: Output) -> int:
    """Answer with another model from now on, or with the one before again."""
    if arguments.undo:
        model = services.models.undo()
    else:
        file = Path(arguments.wanted)
        # A relative path is kept, and would mean another file in another folder.
        wanted = str(file.absolute()) if file.is_file() else arguments.wanted
        model = services.models.use(wanted)
    if output.as_json:
        output.object(model_object(model) | {"used": True})
    output.remark(f"{model.id} answers from now on.")
    return 0


def tune(arguments: Arguments, services: Services, output: Output) -> int:
    """Measure a model's layouts, use the fastest that does no harm, say what it does."""
    wanted = arguments.wanted
    if arguments.undo:
        model = services.tune.undo(wanted)
        if output.as_json:
            output.object({"model": model.id, "layout": None})
        output.remark(f"{model.id} answers as it came.")
        return 0
    model = services.models.original(wanted)
    output.remark(f"Trying other layouts of {model.id}; its file stays as it is.")
    with output.progress("layouts") as on_progress:
        tuning = services.tune(wanted, CancelToken(), on_progress)
    if output.as_json:
        output.object(_tuned_object(model, tuning))
    else:
        for line in tuning_lines(model.id, tuning):
            output.line(line)
    return 0


def _tuned_object(model: InstalledModel, tuning: Tuning) -> dict[str, Any]:
    compared = tuning.comparison
    return {
        "model": model.id,
        "layout": tuning.layout,
        "reads": round(tuning.reads, 3),
        "writes": round(tuning.writes, 3),
        "texts": compared.texts,
        "same": compared.same,
        "shift": round(compared.shift, 4),
        "corrected": compared.corrected,
        "right_before": compared.right_before,
        "right_after": compared.right_after,
        "reason": tuning.reason or None,
    }
