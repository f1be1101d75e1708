"""Each policy key, end to end: it takes effect and nobody can undo it, on every reader."""

from __future__ import annotations

import dataclasses
import json
from types import SimpleNamespace

import pytest
from PySide6.QtWidgets import QLabel

from fakes.command_line import Desk
from fakes.desktop import Desktop
from fakes.heads import FakeHeads
from fakes.policies import READERS, another_value, linux
from fakes.stores import FakeHistory
from fakes.tasks import QUEUE
from onhand.bootstrap import open_services
from onhand.domain.cloud import Api, Provider
from onhand.domain.cloud_errors import MaskPatternUnusable
from onhand.domain.policies import NO_POLICIES, NOT_FOR_POLICIES, policy_keys, read_policies
from onhand.domain.policy_errors import PolicyForbids
from onhand.domain.progress import CancelToken
from onhand.domain.settings import Settings
from onhand.host import Paths
from onhand.storage.settings_file import SettingsFile
from onhand.teaching_wiring import calibrations_over
from onhand.ui.jobs import Jobs
from onhand.ui.main_window import MainWindow
from onhand.ui.theme import Theme

KEYS = policy_keys()
each_key = pytest.mark.parametrize("key", KEYS, ids=lambda key: key.name)
each_reader = pytest.mark.parametrize("reader", READERS.values(), ids=READERS)


def test_every_setting_is_a_policy_key():
    names = {field.name for field in dataclasses.fields(Settings)} - NOT_FOR_POLICIES
    assert {key.setting for key in KEYS} == names
    assert len({key.name for key in KEYS}) == len(KEYS)
    assert {"KeepHistory", "RequireSandbox"} <= {key.name for key in KEYS}


@each_reader
@each_key
def test_it_holds_in_the_whole_program_whatever_the_user_chose(tmp_path, reader, key):
    value = another_value(key)
    source = reader(tmp_path, {key.name: value})
    paths = Paths.of(tmp_path / "data")
    own = {key.setting: key.default}
    paths.data.mkdir()
    paths.settings.write_text(json.dumps(own))
    with open_services(paths, policies=source) as services:
        assert getattr(services.settings.load(), key.setting) == value
        assert services.settings.policies.problems == ()
        with pytest.raises(PolicyForbids, match=key.setting):
            services.settings.save(Settings())
    assert json.loads(paths.settings.read_text()) == own


@each_reader
@each_key
def test_the_command_line_shows_it_locked_and_refuses_a_change(
    tmp_path, monkeypatch, reader, key
):
    value = another_value(key)
    held = read_policies(reader(tmp_path, {key.name: value}).read())
    desk = Desk(monkeypatch, tmp_path / "desk")
    desk.settings = SettingsFile(tmp_path / "settings.json", held)
    [shown] = desk.run(f"settings get {key.setting} --json").objects
    assert (shown["value"], shown["from"]) == (value, "policy")
    is_switch = isinstance(key.default, bool)
    spelled = ("yes" if key.default else "no") if is_switch else str(key.default)
    said = desk.run(["settings", "set", key.setting, spelled])
    assert said.code == 7
    assert "managed by your organisation" in said.err
    assert desk.run(["settings", "reset", key.setting]).code == 7
    [policy] = desk.run("policy show --json").objects
    assert policy["policy"] == key.name
    assert policy["level"] == "managed"
    assert policy["place"] == held.managed[key.setting].place
    assert f"{key.name}\t" in desk.run("policy show").out


@each_reader
@pytest.mark.ui
def test_the_window_shows_each_one_locked(qtbot, qapp, tmp_path, reader):
    values = {key.name: another_value(key) for key in KEYS}
    desktop = Desktop()
    held = read_policies(reader(tmp_path, values).read())
    desktop.settings = SettingsFile(tmp_path / "settings.json", held)
    jobs = Jobs(desktop.open, desktop.open_archive, desktop.open_shelf)
    window = MainWindow(jobs, Theme(qapp))
    qtbot.addWidget(window)
    window.show()
    window.load()
    window.show_place(4)
    editors = window.preferences._editors
    qtbot.waitUntil(lambda: not editors["keep_history"]._control.isEnabled())
    card = window.preferences.models
    qtbot.waitUntil(lambda: card._table.model().rowCount() == 5)
    for key in KEYS:
        if key.setting == "model":
            card.choose("larger-1.5b")
            assert card._details.use.isVisibleTo(card._details)
            assert not card._details.use.isEnabled()
            assert "managed by your organisation" in card._details.use.toolTip()
            continue
        editor = editors[key.setting]
        assert not editor._control.isEnabled(), key.name
        told = "\n".join(each.text() for each in editor.findChildren(QLabel))
        assert "managed by your organisation" in told
        assert "managed by your organisation" in editor._control.accessibleDescription()
    assert desktop.settings.load() == dataclasses.replace(
        Settings(), **{key.setting: values[key.name] for key in KEYS}
    )
    window.close()
    jobs.close()


def test_a_fixed_model_is_not_another_one_for_one_run(tmp_path):
    source = READERS["linux"](tmp_path, {"Model": "smollm2-135m"})
    with (
        pytest.raises(PolicyForbids),
        open_services(Paths.of(tmp_path / "data"), model="other", policies=source),
    ):
        pass


def test_a_history_that_is_forbidden_is_not_kept(tmp_path, monkeypatch):
    held = read_policies(READERS["linux"](tmp_path, {"KeepHistory": False}).read())
    desk = Desk(monkeypatch, tmp_path / "desk")
    desk.settings = SettingsFile(tmp_path / "settings.json", held)
    assert desk.run("classify text --label a --label b").code == 0
    assert desk.history.stored == []


@each_reader
def test_patterns_of_the_organisation_are_masked_whatever_the_user_chose(tmp_path, reader):
    source = reader(tmp_path, {"OrganisationPatterns": r"CUSTOMER=KD-\d{6}", "Cloud": True})
    provider = Provider(
        name="own", api=Api.OPENAI, url="https://models.example", model="m", keyed=False
    )
    paths = Paths.of(tmp_path / "data")
    nowhere = str(tmp_path / "none.gguf")
    with open_services(paths, model=nowhere, policies=source) as services:
        draft = services.cloud.escalate.draft(
            QUEUE, "KD-123456 is late", provider, CancelToken()
        )
    assert "KD-123456" not in draft.payload().shown
    assert [each.name for each in draft.masks] == ["[CUSTOMER_1]"]


@pytest.mark.parametrize("pattern", ["CUSTOMER=(", "customers: KD"])
def test_while_a_fixed_pattern_cannot_be_used_nothing_is_drawn_up(tmp_path, pattern):
    source = linux(tmp_path, {"OrganisationPatterns": pattern, "Cloud": True})
    provider = Provider(
        name="own", api=Api.OPENAI, url="https://models.example", model="m", keyed=False
    )
    with open_services(Paths.of(tmp_path / "data"), policies=source) as services:
        with pytest.raises(MaskPatternUnusable) as refused:
            services.cloud.escalate.draft(QUEUE, "a", provider, CancelToken())
        assert pattern.partition("=")[0] in refused.value.detail


def test_a_task_promises_no_more_than_is_fixed(tmp_path):
    fixed = read_policies(linux(tmp_path, {"PromisedError": 3}).read())
    store = SimpleNamespace(history=FakeHistory(), heads=FakeHeads())
    task = dataclasses.replace(QUEUE, promised_error=50)
    for policies, promised in ((fixed, 0.03), (NO_POLICIES, 0.5)):
        settings = SettingsFile(tmp_path / "settings.json", policies)
        assert calibrations_over(store, settings)(task, "tiny").promised == promised


def test_a_recommended_value_holds_until_the_user_chooses(tmp_path):
    folder = tmp_path / "recommended"
    folder.mkdir()
    (folder / "a.json").write_text('{"KeepHistory": false, "Context": 1024}')
    source = READERS["linux"](tmp_path, {})
    file = tmp_path / "settings.json"
    store = SettingsFile(file, read_policies(source.read()))
    settings = store.load()
    assert (settings.keep_history, settings.context) == (False, 1024)
    assert store.policies.source(settings, "context") == "recommended"
    # The user wants the default of the program, against what is recommended.
    store.save(dataclasses.replace(settings, context=4096))
    assert store.load().context == 4096
    assert store.policies.source(store.load(), "context") == "you"
    assert json.loads(file.read_text()) == {"context": 4096}


def test_what_the_user_chose_before_comes_back_when_the_policy_goes(tmp_path):
    file = tmp_path / "settings.json"
    SettingsFile(file).save(Settings(context=8192))
    held = read_policies(READERS["linux"](tmp_path, {"Context": 1024}).read())
    managed = SettingsFile(file, held)
    managed.save(dataclasses.replace(managed.load(), threads=3))
    assert managed.load().context == 1024
    assert SettingsFile(file).load() == Settings(context=8192, threads=3)


WRONG = {
    "Colour": "red",
    "Context": "many",
    "Threads": True,
    "KeepHistory": "no",
    "Appearance": "purple",
    "Model": 5,
}


def test_unknown_keys_and_bad_values_are_reported_and_never_fatal(tmp_path, monkeypatch):
    values = {**WRONG, "RequireSandbox": True}
    held = read_policies(READERS["linux"](tmp_path, values).read())
    assert len(held.problems) == len(WRONG)
    for name in WRONG:
        assert any(name in problem for problem in held.problems)
    assert list(held.managed) == ["require_sandbox"]
    desk = Desk(monkeypatch, tmp_path / "desk")
    desk.settings = SettingsFile(tmp_path / "settings.json", held)
    said = desk.run("policy show")
    assert said.code == 0
    assert "there is no policy 'Colour'" in said.err
    assert len(desk.run("policy show --json").objects) == len(WRONG) + 1


def test_a_number_out_of_range_is_reported(tmp_path):
    held = read_policies(READERS["windows"](tmp_path, {"Context": 3}).read())
    assert "512 to 131072" in held.problems[0]
    assert held.managed == {}


def test_a_machine_without_policies_says_so(tmp_path, monkeypatch):
    assert (
        "manages nothing here"
        in Desk(monkeypatch, tmp_path / "desk").run("policy show").err
    )
