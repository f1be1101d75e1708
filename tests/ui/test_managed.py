"""What an organisation has fixed: listed with its place, and honoured everywhere."""

from __future__ import annotations

import pytest

from fakes.policies import READERS
from fakes.stores import FakeSettings
from fakes.tasks import QUEUE
from onhand.domain.policies import Level, RawPolicies, read_policies
from onhand.domain.settings import Settings
from onhand.ui.first_start import FirstStart
from onhand.ui.main_window import MainWindow

pytestmark = pytest.mark.ui


@pytest.fixture
def managed(qtbot, jobs, desktop, theme, hand_at, tmp_path):
    """A hand at a window under these policies, with what the user chose."""
    hands = []

    def opened(*places, welcomed=True, **own):
        chosen = Settings(welcomed=welcomed, **own)
        desktop.settings = FakeSettings(chosen, read_policies(places))
        desktop.run_task._settings = desktop.settings
        desktop.ladder.used = lambda: desktop.settings.load().model or "starter-135m"
        window = MainWindow(jobs, theme)
        qtbot.addWidget(window)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        window.load()
        hands.append(hand_at(window))
        return hands[-1]

    yield opened
    for hand in hands:
        for dialog in hand.dialogs():
            dialog.close()


def fixed(**values):
    return RawPolicies(level=Level.MANAGED, place="/etc/site.json", values=values)


def rows(hand):
    table = hand.window.preferences.managed._table.model()
    return [
        [table.index(row, column).data() for column in range(table.columnCount())]
        for row in range(table.rowCount())
    ]


def test_what_is_fixed_and_recommended_is_listed_with_its_place(managed):
    advised = RawPolicies(
        level=Level.RECOMMENDED, place="/etc/advice.json", values={"KeepDays": 90}
    )
    hand = managed(fixed(LockMinutes=5, RequireSandbox=True, Device="cpu"), advised)
    hand.window.show_place(4)
    hand.wait_for("Your organisation manages this computer.")
    hand._qtbot.waitUntil(lambda: len(rows(hand)) == 4)
    assert sorted(rows(hand)) == [
        ["Device", "Processor", "fixed", "Device", "/etc/site.json"],
        ["Keep days", "90", "recommended", "KeepDays", "/etc/advice.json"],
        ["Lock minutes", "5", "fixed", "LockMinutes", "/etc/site.json"],
        ["Require sandbox", "yes", "fixed", "RequireSandbox", "/etc/site.json"],
    ]
    table = hand.focus("Policies")
    assert table.isEnabled()
    hand.press("End")
    hand.wait_for("KeepDays stands in /etc/advice.json.")


def test_an_organisation_has_the_history_locked_and_figures_alone_kept(
    managed, desktop, qtbot
):
    hand = managed(fixed(LockMinutes=5, MetricsOnly=True))
    idle = hand.window.keeping.idle
    qtbot.waitUntil(lambda: idle._minutes == 5)
    assert idle._timer.isActive()
    hand.window.work.form.set_task(QUEUE)
    hand.focus("Text").setPlainText("a secret letter")
    hand.press("Ctrl+Return")
    hand.wait_for("only figures were kept")
    assert [each.text for each in desktop.history.stored] == [""]
    assert hand.window._drafting._wanted is False
    hand.window.show_place(4)
    for name in ("Lock minutes", "Metrics only"):
        assert not hand.named(name).isEnabled()


def test_unknown_keys_and_wrong_types_are_reported(managed):
    broken = RawPolicies(
        level=Level.MANAGED, place="/etc/broken.json", problem="it is no JSON"
    )
    hand = managed(fixed(Colour="red", Context="many", KeepDays=3), broken)
    hand.window.show_place(4)
    hand.wait_for("Some policies cannot be used, and do not hold:")
    shown = hand.labels()
    assert "/etc/site.json: there is no policy 'Colour'" in shown
    assert "Context does not take str 'many'" in shown
    assert "/etc/broken.json: it is no JSON" in shown
    assert [row[3] for row in rows(hand)] == ["KeepDays"]


def test_a_computer_that_nobody_manages_says_so(managed):
    hand = managed()
    hand.window.show_place(4)
    hand.wait_for("Your organisation manages nothing here.")
    assert not hand.window.preferences.managed._table.isVisible()


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_it_is_the_same_from_every_reader(managed, tmp_path, reader):
    places = reader(tmp_path, {"MetricsOnly": True, "LockMinutes": 7}).read()
    hand = managed(*places)
    hand.window.show_place(4)
    hand.wait_for("Your organisation manages this computer.")
    assert sorted(row[3] for row in rows(hand)) == ["LockMinutes", "MetricsOnly"]


def test_the_introduction_offers_no_other_model_than_the_one_that_is_fixed(
    managed, desktop, qtbot
):
    hand = managed(fixed(Model="larger-1.5b"), welcomed=False)
    qtbot.waitUntil(lambda: any(isinstance(e, FirstStart) for e in hand.dialogs()))
    dialog = hand.dialogs()[-1]
    hand.press("Return")
    hand.wait_for("Your organisation has chosen the model of this laptop: larger-1.5b.")
    qtbot.waitUntil(lambda: dialog._models.count() == 1)
    hand.wait_for("This one answers now.")
    assert not hand.named("Use it").isEnabled()
    assert not dialog._import.isVisible()
    hand.press("Escape")
    qtbot.waitUntil(lambda: desktop.settings.load().welcomed)
    assert desktop.settings.load().model == "larger-1.5b"


def test_a_fixed_model_that_is_not_here_can_be_downloaded_in_the_introduction(
    managed, qtbot
):
    hand = managed(fixed(Model="smaller-0.5b"), welcomed=False)
    qtbot.waitUntil(lambda: any(isinstance(e, FirstStart) for e in hand.dialogs()))
    dialog = hand.dialogs()[-1]
    hand.press("Return")
    qtbot.waitUntil(lambda: dialog._models.currentData() == "smaller-0.5b")
    assert hand.named("Download").isEnabled()
    hand.press("Escape")


def test_a_change_of_a_fixed_model_and_its_undo_are_refused(managed, desktop, qtbot):
    hand = managed(fixed(Model="starter-135m"), previous_model="larger-1.5b")
    qtbot.waitUntil(lambda: hand.window.strip._device.text() == "not loaded yet")
    notice = hand.window.switching.notice
    for change in (lambda: hand.window.switching.use("larger-1.5b"), notice.undone.emit):
        change()
        hand.wait_for("managed by your organisation and cannot be changed here")
        assert not notice.undo.isVisible()
        assert desktop.settings.load().model == "starter-135m"
        hand.click("Close this notice")
