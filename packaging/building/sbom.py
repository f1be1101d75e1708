"""The bill of materials (CycloneDX), and the page with all licences."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cyclonedx.model import Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component as Part
from cyclonedx.model.component import ComponentType
from cyclonedx.model.license import LicenseExpression
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL

from building.components import components
from building.folder import FOLDER, epoch
from building.origins import OURS, origins
from building.versions import project_version

if TYPE_CHECKING:
    from collections.abc import Sequence

    from building.components import Component

SBOM = Path("dist", "onhand.cdx.json")
LICENCES = Path("dist", "licences.txt")
IN_FOLDER = Path("_internal", "onhand", "_data", LICENCES.name)
"""Where the window finds the page."""

INTRODUCTION = """\
Onhand {version} stands under the MIT licence. It carries {count} parts of others, which are
listed here with their licences; the texts follow. Qt and PySide6 stand under the GNU Lesser
General Public License: their libraries lie as files of their own in the folder of the
program and may be exchanged for other builds of them; their source is that of the versions
named here. The same holds for python-stdnum, which is plain Python.
"""
RULE = "=" * 92


def build_sbom(root: Path) -> None:
    """Write both, and the page into the folder as well."""
    found = components(root, origins(root))
    (root / SBOM).write_text(bill(root, found), encoding="utf-8")
    page = licences_page(project_version(root), found)
    (root / LICENCES).write_text(page, encoding="utf-8")
    (root / FOLDER / IN_FOLDER).write_text(page, encoding="utf-8")
    print(f"build: {root / SBOM}, {len(found)} components, each with version and licence")


def bill(root: Path, found: Sequence[Component]) -> str:
    """The bill as JSON; the same components give the same text."""
    bom = Bom()
    version = project_version(root)
    made = epoch(root)
    bom.metadata.timestamp = datetime.fromtimestamp(made, UTC)
    bom.serial_number = uuid.uuid5(uuid.NAMESPACE_URL, f"onhand {version} {made}")
    parts = [_part(each) for each in found]
    whole = next(part for part in parts if part.name == OURS)
    whole.type = ComponentType.APPLICATION
    bom.metadata.component = whole
    others = [part for part in parts if part is not whole]
    bom.components.update(others)
    bom.register_dependency(whole, others)
    output = make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6)
    return (
        json.dumps(json.loads(output.output_as_string()), indent=1, sort_keys=True) + "\n"
    )


def licences_page(version: str, found: Sequence[Component]) -> str:
    """All licences as plain text, for people."""
    others = [each for each in found if each.name != OURS]
    parts = [INTRODUCTION.format(version=version, count=len(others))]
    parts.append("".join(f"{_named(each)}: {each.licence}\n" for each in found))
    shown: dict[str, str] = {}
    for each in found:
        first = shown.setdefault(each.text, _named(each))
        same = f"The same text as that of {first}."
        body = each.text.strip() if first == _named(each) else same
        parts.append(f"{RULE}\n{_named(each)}: {each.licence}\n{RULE}\n\n{body}\n")
    return "\n".join(parts)


def _named(each: Component) -> str:
    inside = f" (in {each.inside})" if each.inside else ""
    return f"{each.name} {each.version}{inside}"


def _part(each: Component) -> Part:
    part = Part(
        name=each.name,
        version=each.version,
        type=ComponentType.LIBRARY,
        licenses=[LicenseExpression(each.licence)],
        purl=PackageURL.from_string(each.purl) if each.purl else None,
        bom_ref=f"{each.name}@{each.version}{f' in {each.inside}' if each.inside else ''}",
    )
    if each.inside:
        part.properties.add(Property(name="onhand:inside", value=each.inside))
    for file in each.files:
        part.properties.add(Property(name="onhand:file", value=file))
    return part
