"""The components of a package: Python distributions, system libraries, what is inside."""

from __future__ import annotations

import json
import sys
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from license_expression import ExpressionError, Licensing, get_spdx_licensing

from building import Unbuildable
from building.origins import BOOTLOADER, Origin
from building.versions import project_version

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

BY_HAND = Path("packaging", "components.toml")
TEXTS = (Path("packaging", "licences"), Path("resources", "licences"))
NOTICES = ("licen", "copying", "notice", "authors")
"""How files begin that hold a licence."""

LISTING = frozenset({"arro3-core", "arro3-io", "cryptography"})
"""Those that are carried and list their parts, which are crates of Rust."""

LISTS = ("-rust.cyclonedx.json", "arro3-core.cyclonedx.json", "arro3-io.cyclonedx.json")

DEBIAN_DOCUMENTS = Path("/usr/share/doc")


@dataclass(frozen=True, kw_only=True)
class Component:
    """A part of the package.

    Attributes:
        licence: an SPDX expression.
        text: the licence in full, with what it says of the copyright.
        purl: its package URL; "" where it comes from no registry.
        inside: the component that carries it; "" where it is one by itself.
        files: places in the folder, or names of modules inside the programs.
    """

    name: str
    version: str
    licence: str
    text: str
    purl: str = ""
    inside: str = ""
    files: tuple[str, ...] = ()


def components(root: Path, origins: list[Origin]) -> list[Component]:
    """Everything in a package whose files come from there, each with version and licence.

    Raises:
        Unbuildable: a version, a licence or its text is not known.
    """
    by_hand = tomllib.loads((root / BY_HAND).read_text(encoding="utf-8"))
    found = [_component(root, origin, by_hand) for origin in origins]
    if not any(each.name == BOOTLOADER for each in found):
        found.append(_distribution(root, Origin(name=BOOTLOADER, kind="pypi"), by_hand))
    carriers = {_plain(each.name): each.version for each in found}
    found += list(_natives(root, by_hand, carriers))
    found += list(_listed_inside(root, carriers))
    for each in found:
        _raise_if_incomplete(each)
    found = list({(each.name, each.version, each.inside): each for each in found}.values())
    return sorted(found, key=lambda each: (each.name.lower(), each.version))


def spdx(expression: str) -> str:
    """An SPDX expression as it is written; "" for what is none."""
    try:
        parsed = _known_licences().parse(expression, validate=True, strict=True)
    except ExpressionError:
        return ""
    return "" if parsed is None else str(parsed)


def licence_text(root: Path, expression: str) -> str:
    """The texts of all licences in an expression that lie in the repository."""
    texts = []
    keys = _known_licences().license_keys(expression)
    if "LGPL-3.0-only" in keys:  # which only adds to the other
        keys.append("GPL-3.0-only")
    for key in dict.fromkeys(keys):
        for folder in TEXTS:
            if (file := root / folder / f"{key}.txt").is_file():
                texts.append(file.read_text(encoding="utf-8"))
                break
    return "\n".join(texts)


@cache
def _known_licences() -> Licensing:
    return get_spdx_licensing()


def _component(root: Path, origin: Origin, by_hand: Mapping[str, Any]) -> Component:
    match origin.kind:
        case "ours":
            text = (root / "LICENSE").read_text(encoding="utf-8")
            version = project_version(root)
            return _made(origin, version=version, licence="MIT", text=text)
        case "python":
            text = (Path(sys.base_prefix, "lib", _library(), "LICENSE.txt")).read_text()
            purl = f"pkg:generic/python@{origin.version}"
            return _made(origin, licence="Python-2.0.1", text=text, purl=purl)
        case "deb":
            notice = DEBIAN_DOCUMENTS / origin.name / "copyright"
            return _made(
                origin,
                licence=by_hand["debian"].get(origin.name, ""),
                text=notice.read_text(encoding="utf-8", errors="replace"),
                purl=f"pkg:deb/debian/{origin.name}@{quote(origin.version)}",
            )
        case _:
            return _distribution(root, origin, by_hand)


def _made(
    origin: Origin, *, licence: str, text: str, version: str = "", purl: str = ""
) -> Component:
    return Component(
        name=origin.name,
        version=version or origin.version,
        licence=spdx(licence),
        text=text,
        purl=purl,
        files=tuple(origin.files),
    )


def _distribution(root: Path, origin: Origin, by_hand: Mapping[str, Any]) -> Component:
    found = distribution(origin.name)
    said = found.metadata.json
    given = str(said.get("license_expression") or said.get("license") or "")
    by_name = {_plain(name): licence for name, licence in by_hand["licences"].items()}
    licence = by_name.get(_plain(origin.name)) or spdx(given)
    return _made(
        origin,
        version=found.version,
        licence=licence,
        text=_notices(found) or licence_text(root, licence),
        purl=f"pkg:pypi/{_plain(found.name)}@{found.version}",
    )


def _notices(found: Distribution) -> str:
    """The licence files that a distribution brings."""
    texts = []
    for file in found.files or ():
        metadata = ".dist-info" in file.parts[0]
        if metadata and (file.name.lower().startswith(NOTICES) or "licenses" in file.parts):
            path = Path(str(found.locate_file(file)))
            texts.append(path.read_text(encoding="utf-8", errors="replace"))
    return "\n\n".join(texts)


def _natives(
    root: Path, by_hand: Mapping[str, Any], carriers: Mapping[str, str]
) -> Iterator[Component]:
    looked_at = {_plain(each["in"]) for each in by_hand["native"]}
    for each in by_hand["native"]:
        carrier, _, version = each["in"].partition("==")
        found = carriers.get(_plain(carrier))
        if found is None:
            continue  # not in this package, so neither is what is inside of it
        if _plain(f"{carrier}=={found}") not in looked_at:
            raise Unbuildable(
                f"{each['name']} was looked at in {each['in']}; now there is"
                f" {found}: look again and correct {BY_HAND}"
            )
        if found != version:
            continue  # another system has that one
        text = licence_text(root, each["licence"])
        yield Component(
            name=each["name"],
            version=each["version"],
            licence=spdx(each["licence"]),
            text=f"{each['copyright']}\n\n{text}" if text else "",
            inside=carrier,
        )


def _listed_inside(root: Path, carriers: Mapping[str, str]) -> Iterator[Component]:
    """What distributions themselves list of their parts (PEP 770)."""
    for carrier in sorted(carriers):
        if _plain(carrier) not in LISTING:
            continue
        for file in distribution(carrier).files or ():
            if not file.name.endswith(LISTS):
                continue
            path = Path(str(distribution(carrier).locate_file(file)))
            for each in json.loads(path.read_text(encoding="utf-8"))["components"]:
                licence = each["licenses"][0].get("expression", "").replace("/", " OR ")
                yield Component(
                    name=each["name"],
                    version=each["version"],
                    licence=spdx(licence),
                    text=f"{each.get('author', '')}\n\n{licence_text(root, licence)}",
                    purl=each.get("purl", "").partition("?")[0],
                    inside=carrier,
                )


def _raise_if_incomplete(each: Component) -> None:
    lacks = [
        what
        for what, value in (
            ("version", each.version),
            ("licence", each.licence),
            ("licence text", each.text.strip()),
        )
        if not value
    ]
    if lacks:
        raise Unbuildable(f"{each.name} lacks its {' and its '.join(lacks)}: see {BY_HAND}")


def _plain(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")


def _library() -> str:
    return f"python{sys.version_info.major}.{sys.version_info.minor}"
