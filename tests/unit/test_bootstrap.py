"""Everything wired together, as far as no model is needed."""

from __future__ import annotations

import sys

import pytest

from fakes.keyrings import FakeKeyring
from fakes.tasks import record
from fakes.tiny_gguf import tiny_gguf
from onhand import bootstrap
from onhand.bootstrap import engine_command
from onhand.domain.errors import DataFolderUnwritable, ModelUnusable, UsageError
from onhand.domain.model_errors import WrongChecksum
from onhand.domain.settings import with_value
from onhand.host import Paths
from onhand.storage.vault import Trust, Vault

TASK = b'kind = "summarise"\nname = "Brief"\ninstruction = "Be brief."\n'


KEYRING = FakeKeyring()

MODEL = tiny_gguf()


def open_services(paths, **options):
    """The services, with a keyring that works."""
    vault = Vault(paths.keys, Trust(keyring=KEYRING))
    return bootstrap.open_services(paths, vault=vault, **options)


@pytest.fixture
def paths(tmp_path):
    return Paths.of(tmp_path / "data")


def test_what_is_kept_is_there_the_next_time(paths):
    with open_services(paths) as services:
        number = services.history.add(record("I was charged twice"))
        services.settings.save(with_value(services.settings.load(), "context", "2048"))
        services.import_task(TASK)
    with open_services(paths) as services:
        assert services.history.get(number).text == "I was charged twice"
        assert services.settings.load().context == 2048
        assert services.tasks.find("brief").id.startswith("task-")
        assert services.jobs.all() == []


def test_the_built_in_tasks_are_there(paths):
    with open_services(paths) as services:
        assert "Ticket queue" in {name for name, _ in services.tasks.names()}


def test_the_folders_are_made_and_nothing_else(paths):
    with open_services(paths):
        pass
    assert {each.name for each in paths.data.iterdir()} == {"models", "tasks", "logs"}


def test_decoded_prefixes_go_where_nothing_is_to_be_kept(paths):
    for keep, left in (("yes", True), ("no", False)):
        with open_services(paths) as services:
            paths.prefixes.mkdir(exist_ok=True)
            (paths.prefixes / "a.prefix").write_bytes(b"k")
            settings = with_value(services.settings.load(), "keep_history", keep)
            services.settings.save(settings)
        assert paths.prefixes.exists() is left


def test_a_data_folder_that_cannot_be_is_told_to_those_who_keep_something(tmp_path):
    (tmp_path / "file").write_text("")
    with open_services(Paths.of(tmp_path / "file" / "data")) as services:
        assert services.tasks.names()
        assert services.settings.load().context > 0
        for keep in (lambda: services.history.add(record()), services.jobs.all):
            with pytest.raises(DataFolderUnwritable):
                keep()
        with pytest.raises(DataFolderUnwritable):
            services.import_task(TASK)
        findings = {each.name: each for each in services.examine()}
        assert findings["data folder"].error is not None
        assert findings["system"].error is None


def test_a_model_in_a_folder_of_the_environment_is_found(paths, tmp_path, monkeypatch):
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "mine.gguf").write_bytes(b"GGUF")
    monkeypatch.setenv("ONHAND_MODELS", str(tmp_path / "more"))
    with open_services(paths, model="mine") as services:
        assert services.models.current().path == tmp_path / "more" / "mine.gguf"


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("note.gguf", b"hello", ModelUnusable),
        ("cut.gguf", MODEL[:-1], ModelUnusable),
        ("SmolLM2-135M-Instruct.Q4_1.gguf", MODEL, WrongChecksum),
    ],
    ids=["no-model", "cut", "not-what-it-is-called"],
)
def test_a_file_that_cannot_answer_is_not_used(paths, tmp_path, name, content, error):
    good, bad = tmp_path / "good.gguf", tmp_path / name
    good.write_bytes(MODEL)
    bad.write_bytes(content)
    with open_services(paths) as services:
        services.models.use(str(good))
        before = services.settings.load()
        with pytest.raises(error):
            services.models.use(str(bad))
        assert services.settings.load() == before


def test_a_batch_reads_and_writes_only_what_it_knows(paths, tmp_path):
    with open_services(paths) as services:
        files = services.batch_files
        for name in ("in.JSONL", "in.csv", "in.tsv", "in.xlsx", "in.parquet", "in.ndjson"):
            assert files.open_rows(tmp_path / name, "text").path == tmp_path / name
        assert files.open_rows(tmp_path, "text").columns() == ("file",)
        for name in ("out.ndjson", "out.csv", "out.TSV", "out.xlsx", "a.parquet"):
            assert files.open_results(tmp_path / name).path == tmp_path / name
        with pytest.raises(UsageError, match=r"in\.pdf: rows are read from \.csv, "):
            files.open_rows(tmp_path / "in.pdf", "text")
        with pytest.raises(UsageError, match=r"out\.pdf: rows are written to \.csv, "):
            files.open_results(tmp_path / "out.pdf")


def test_the_engine_does_not_look_for_modules_in_the_current_folder():
    assert engine_command() == [sys.executable, "-P", "-m", "onhand", "engine"]
