"""`models`: what is on this machine, and choosing what answers."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from onhand.cli.wording import size, transfer_line, transfer_object, tuning_lines
from onhand.domain.errors import ModelMissing
from onhand.domain.progress import CancelToken
from onhand.services.keep_models import Condition

if TYPE_CHECKING:
    from onhand.cli.arguments import Arguments
    from onhand.cli.output import Output
    from onhand.domain.layouts import Tuning
    from onhand.services.bundle import Services
    from onhand.services.ports import InstalledModel


def list_models(_: Arguments, services: Services, output: Output) -> int:
    """List the models on this machine, smallest first."""
    models = services.models.installed()
    used: InstalledModel | None = None
    layout = ""
    with suppress(ModelMissing):
        used = services.models.original()
        layout = services.models.current().layout
    if used is not None and used.path not in {model.path for model in models}:
        models = [*models, used]

    def state(model: InstalledModel) -> dict[str, Any]:
        here = used is not None and used.path == model.path
        trust = services.describe_models.trust(model)
        return {
            "used": here,
            "layout": layout if here and layout else None,
            "trust": str(trust) if trust else None,
            "condition": str(services.keep_models.condition(model)),
        }

    if output.as_json:
        for model in models:
            output.object(_object(model) | state(model))
        for each in services.downloads.unfinished():
            output.object(transfer_object(each))
        return 0
    for each in services.downloads.unfinished():
        output.remark(
            f"{transfer_line(each)}; 'onhand models download {each.model}' goes on."
        )
    if not models:
        output.warn("There is no model on this machine.")
        return ModelMissing.exit_code
    output.table(
        ("model", "used", "tier", "size", "licence", "trust", "file"),
        [
            (
                model.id,
                " ".join(("yes", layout)).strip() if state(model)["used"] else "",
                model.tier,
                size(model.bytes),
                model.licence,
                _told(state(model)["condition"]) or state(model)["trust"] or "",
                str(model.path),
            )
            for model in models
        ],
    )
    return 0


def use(arguments: Arguments, services: Services, output: Output) -> int:
    """Answer with another model from now on."""
    file = Path(arguments.wanted)
    # A relative path is kept, and would mean another file in another folder.
    wanted = str(file.absolute()) if file.is_file() else arguments.wanted
    model = services.models.use(wanted)
    if output.as_json:
        output.object(_object(model) | {"used": True})
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


def _told(condition: str) -> str:
    """What a look at a file tells, where it tells anything to worry about."""
    worries = {Condition.CHANGED: "changed: verify it", Condition.DAMAGED: "damaged"}
    return worries.get(Condition(condition), "")


def _object(model: InstalledModel) -> dict[str, Any]:
    return {
        "model": model.id,
        "title": model.title,
        "tier": model.tier,
        "bytes": model.bytes,
        "licence": model.licence,
        "path": str(model.path),
    }


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
