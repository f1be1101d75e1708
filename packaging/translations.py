#!/usr/bin/env python3
"""Keeps the languages of the window; needs the tools that come with PySide6.

packaging/translations.py write    take in what is new, tell what is not translated, compile
packaging/translations.py check    tell what is not current; status 1

Texts of the window are found by Qt's own tool, as they stand in `tr`. What the rings below
say (errors, settings, sentences in answers and details) is found here, in their source.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from xml.etree import ElementTree as ET

import PySide6

from onhand.domain.languages import NAMES

REPOSITORY = Path(__file__).resolve().parent.parent
PACKAGE = REPOSITORY / "app" / "onhand"
FOLDER = REPOSITORY / "resources" / "translations"
SENTENCES = PACKAGE / "ui" / "sentences.py"
LANGUAGES = ("de", "en")
PLURALS_ONLY = "en"
LONGEST = 88

SPEAKING: dict[str, list[str]] = {
    "domain": [
        "checks",
        "cloud",
        "cloud_answers",
        "confinement",
        "documents",
        "fit",
        "key_combinations",
        "ladder",
        "layouts",
        "length_check",
        "lesson_rows",
        "negation_check",
        "packs",
        "policies",
        "tasks",
        "task_file",
        "task_names",
        "task_shapes",
        "updates",
        "batch_errors",
        "cascading",
    ],
    "engine": ["choosing", "client", "startup", "starting"],
    "machine": ["memory", "shared_place"],
    "net": [
        "answers",
        "client",
        "cloud_client",
        "conversation",
        "fetching",
        "hub",
        "part_file",
        "posting",
        "providers",
        "replies",
    ],
    "policies": ["json_folders", "managed_preferences"],
    "": ["sandbox"],
    "services": [
        "admitting",
        "answering",
        "blaming",
        "compare_models",
        "correct",
        "downloads",
        "extracting",
        "fitting",
        "guessing",
        "import_models",
        "import_pack",
        "import_task",
        "reading",
        "reading_parts",
        "resuming",
        "rewriting",
        "run_batch",
        "settling",
        "smaller_first",
        "size_ladder",
        "telling",
        "writing",
        "finding_columns",
        "labelled_rows",
        "paying",
        "batch_files",
        "part_rows",
        "keeping_answers",
        "check_update",
        "try_batch",
        "evaluate",
        "lessons",
        "teach",
    ],
    "storage": [
        "backups",
        "provider_keys",
        "jsonl_rows",
        "key_slots",
        "model_files",
        "model_place",
        "model_shelf",
        "model_sources",
        "own_tasks",
        "pack_file",
        "row_files",
        "system_keyring",
        "task_files",
        "update_files",
        "vault",
        "csv_rows",
        "csv_text",
        "folder_rows",
        "merging",
        "part_results",
        "result_files",
        "xlsx_results",
    ],
    "worker": ["client", "main"],
    "worker/formats": [
        "any",
        "limits",
        "mail",
        "office",
        "outlook",
        "own_words",
        "pdf",
        "rtf",
    ],
    "tables": ["formats", "main", "making", "parquet", "protocol", "workbook"],
}
"""The modules below the window whose sentences it shows, by package."""

BESIDES = {
    (
        "reading .parquet needs pyarrow: pip install 'onhand[parquet]'; an installed"
        " package has no room for it, so save the table as .csv there"
    ),
    (
        "writing .parquet needs pyarrow: pip install 'onhand[parquet]'; an installed"
        " package has no room for it, so write .csv there"
    ),
    "lost: {0}",
    "added: {0}",
    "sentences",
    "words",
    "label",
    "field",
    "reads",
    "{0}, with {1}.",
    "{0} between cells",
    "line {0} cannot be read: {1}",
    "commas",
    "semicolons",
    "tabs",
    "bars",
    "writes",
    "the limit for this month",
}
"""What they say and cannot be told from keys and the like."""

UNSAID = {
    "Cannot allocate memory",
    "Cannot overwrite a value",
    "a file that nobody wanted",
    "an unknown message",
    "cloud model {0}",
    "credit balance",
    "less than $0.0001",
    "out of credits",
    "spend limit",
    "HF_HUB_OFFLINE forbids it",
    "Invalid enum value",
    "Object missing required field",
    "access violation",
    "all",
    "box sync",
    "cannot run",
    "eight acht huit ocho otto",
    "four vier quatre cuatro quattro",
    "google drive",
    "icloud drive",
    "illegal instruction",
    "mobile documents",
    "my drive",
    "nine neun neuf nueve nove",
    "none of these",
    "one ein einem einen einer un une un' uno una",
    "out of memory",
    "proton drive",
    "seven sieben sept siete sette",
    "six sechs seis sei",
    "ten zehn dix diez dieci",
    "three drei trois tres tre",
    "too large",
    "two zwei deux dos due",
}
"""What they look for, and what is content, not a sentence."""


def main(arguments: list[str]) -> int:
    """Run one command; returns the exit status."""
    match arguments:
        case ["write"]:
            SENTENCES.write_text(sentences_module(), encoding="utf-8")
            for language in LANGUAGES:
                update(language, FOLDER / f"onhand_{language}.ts")
                compile_language(language, FOLDER / f"onhand_{language}.qm")
                print(*unfinished(language), sep="\n")
            return 0
        case ["check"]:
            stale = not_current()
            print(*stale, sep="\n", file=sys.stderr)
            return int(bool(stale))
        case _:
            print(__doc__, file=sys.stderr)
            return 2


def not_current() -> list[str]:
    """What has to be written anew."""
    stale = []
    if SENTENCES.read_text(encoding="utf-8") != sentences_module():
        stale.append(SENTENCES.name)
    with tempfile.TemporaryDirectory() as folder:
        for language in LANGUAGES:
            kept = FOLDER / f"onhand_{language}.ts"
            fresh, made = Path(folder) / kept.name, Path(folder) / "made.qm"
            fresh.write_bytes(kept.read_bytes())
            update(language, fresh)
            if fresh.read_bytes() != kept.read_bytes():
                stale.append(kept.name)
            compile_language(language, made)
            if made.read_bytes() != kept.with_suffix(".qm").read_bytes():
                stale.append(kept.with_suffix(".qm").name)
            stale += unfinished(language)
    return stale


def update(language: str, file: Path) -> None:
    """Take into a .ts file what the source says, with translations that are known."""
    with tempfile.TemporaryDirectory() as folder:
        below = Path(folder) / "below.py"
        below.write_text(as_calls(texts_below()), encoding="utf-8")
        sources = sorted(str(each) for each in (PACKAGE / "ui").glob("*.py"))
        options = ["-pluralonly"] if language == PLURALS_ONLY else []
        options += ["-no-obsolete", "-locations", "none", "-no-ui-lines", "-silent"]
        run("lupdate", *sources, str(below), *options, "-target-language", language,
            "-source-language", "en", "-ts", str(file))  # fmt: skip


def compile_language(language: str, to: Path) -> None:
    """Make of a .ts file what Qt loads."""
    run("lrelease", "-silent", str(FOLDER / f"onhand_{language}.ts"), "-qm", str(to))


def read(language: str) -> ET.Element:
    """A .ts file."""
    return ET.parse(FOLDER / f"onhand_{language}.ts").getroot()  # noqa: S314 - our own file


def known() -> dict[str, list[str]]:
    """Every text that has a translation, by context."""
    return {
        context.findtext("name", ""): [each.text or "" for each in context.iter("source")]
        for context in read(LANGUAGES[0]).iter("context")
    }


def unfinished(language: str) -> list[str]:
    """What has no translation yet."""
    return [
        f"{language}: {context.findtext('name')}: {message.findtext('source')}"
        for context in read(language).iter("context")
        for message in context.iter("message")
        if message.find("translation[@type='unfinished']") is not None
    ]


def run(tool: str, *arguments: str) -> None:
    """Run a tool of Qt; what it complains of is shown.

    Raises:
        FileNotFoundError: this installation of PySide6 lacks it.
    """
    path = Path(PySide6.__file__).parent / tool
    subprocess.run([path, *arguments], check=True)


def is_available() -> bool:
    """Whether this installation of PySide6 has the tools."""
    folder = Path(PySide6.__file__).parent
    return any((folder / f"lupdate{ending}").is_file() for ending in ("", ".exe"))


def texts_below() -> dict[str, list[str]]:
    """What the rings below say, by context."""
    return {
        "Errors": errors(),
        "Settings": settings(),
        "Sentences": sentences(),
        "Tasks": tasks(),
        "Catalogue": catalogue(),
    }


def errors() -> list[str]:
    """Titles and ways out of all known failures."""
    found = set()
    for path in sorted((PACKAGE / "domain").glob("*.py")):
        for each in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(each, ast.ClassDef):
                found |= _said_by(each)
    return sorted(found)


def _said_by(kind: ast.ClassDef) -> set[str]:
    values = {}
    for each in kind.body:
        if isinstance(each, ast.Assign | ast.AnnAssign) and each.value is not None:
            [target] = each.targets if isinstance(each, ast.Assign) else [each.target]
            if isinstance(target, ast.Name) and isinstance(each.value, ast.Constant):
                values[target.id] = str(each.value.value)
    if "code" not in values:
        return set()
    # The window never shows a way out that is for the command line alone.
    hint = values.get("window_hint") or values.get("hint", "")
    return {text for text in (values.get("title", ""), hint) if text}


def settings() -> list[str]:
    """Names and explanations of all settings."""
    found = set()
    for name in ("settings.py", "cloud_settings.py", "update_settings.py"):
        path = PACKAGE / "domain" / name
        for each in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(each, ast.Call) and getattr(each.func, "id", "") == "option":
                found |= {
                    str(part.value) for part in each.args if isinstance(part, ast.Constant)
                }
    return sorted(found)


def sentences() -> list[str]:
    """Sentences with numbered places, as `onhand.ui.said` knows them again."""
    found = BESIDES | set(NAMES.values())
    for package, modules in SPEAKING.items():
        for module in modules:
            path = PACKAGE / package / f"{module}.py"
            found |= set(_prose(ast.parse(path.read_text(encoding="utf-8"))))
    return sorted(found - UNSAID)


def tasks() -> list[str]:
    """The names of the tasks that come with the program."""
    files = (REPOSITORY / "resources" / "tasks").glob("*.toml")
    return sorted(tomllib.loads(each.read_text(encoding="utf-8"))["name"] for each in files)


def catalogue() -> list[str]:
    """What the catalogue says of models."""
    models = json.loads((REPOSITORY / "models.json").read_text(encoding="utf-8"))["models"]
    told = {each.get(key) for each in models for key in ("good_for", "language_claim")}
    return sorted(text for text in told if text)


def _prose(tree: ast.Module) -> list[str]:
    passed_over: set[int] = set()
    found = []
    for each in ast.walk(tree):
        if id(each) in passed_over:
            continue
        if isinstance(each, ast.Expr | ast.Subscript | ast.AnnAssign | ast.arg):
            inside = each if isinstance(each, ast.Expr) else _annotation(each)
            if isinstance(each, ast.Expr) and not isinstance(each.value, ast.Constant):
                continue
            passed_over |= {id(part) for part in ast.walk(inside)}
        elif isinstance(each, ast.JoinedStr):
            passed_over |= {id(part) for part in each.values}
            found.append(_template(each))
        elif isinstance(each, ast.Constant) and isinstance(each.value, str):
            found.append(each.value)
    return [text for text in found if _is_prose(text)]


def _annotation(node: ast.AST) -> ast.AST:
    return getattr(node, "annotation", None) or ast.Pass()


def _template(text: ast.JoinedStr) -> str:
    parts, places = [], 0
    for each in text.values:
        if isinstance(each, ast.Constant):
            parts.append(str(each.value))
        else:
            parts.append(f"{{{places}}}")
            places += 1
    return "".join(parts)


def _is_prose(text: str) -> bool:
    """Whether people are to read it: words, and nothing that only programs write."""
    words = [word for word in text.split() if word.strip(".,:;()'").isalpha()]
    odd = any(sign in text for sign in ("\\", "\n", "<", "[", "|", "%s", "%(", "="))
    foreign = not text.replace("\N{REPLACEMENT CHARACTER}", "").isascii()
    if not text or odd or foreign or (text[0] in ",;" and "mean" not in text):
        return False
    return len(words) > 1 and any(each.islower() for each in words)


def sentences_module() -> str:
    """The source of the module with the sentences that have places."""
    lines = []
    for each in sentences():
        if "{0}" in each:
            long = "" if len(_quoted(each)) < LONGEST else "  # noqa: E501"
            lines.append(f"    {_quoted(each)},{long}\n")
    return (
        '"""Sentences of the rings below with places in them.\n\n'
        'Written by `packaging/translations.py`.\n"""\n\n'
        "from __future__ import annotations\n\n"
        f"TEMPLATES = (\n{''.join(lines)})\n"
    )


def _quoted(text: str) -> str:
    return f'"{text}"' if '"' not in text else repr(text)


def as_calls(texts: dict[str, list[str]]) -> str:
    """The same as source that Qt's tool reads."""
    calls = [
        f"QCoreApplication.translate({context!r}, {_quoted(text)})"
        for context, several in texts.items()
        for text in several
    ]
    return "\n".join(["from PySide6.QtCore import QCoreApplication", *calls, ""])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
