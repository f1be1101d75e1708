"""Asking a cloud model from the window: seen first, sent by one button alone."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit

from fakes.cloud import PROVIDER
from fakes.providers import KEY
from fakes.tasks import QUEUE
from onhand.domain.cloud_errors import CloudBusy
from onhand.domain.cloud_requests import payload_of
from onhand.domain.errors import ModelMissing
from onhand.domain.fetching import Attempt, Outcome
from onhand.domain.settings import Settings
from onhand.domain.tasks import Summarise
from onhand.domain.usage import Counted
from onhand.ui.cloud_add_dialog import CloudAddDialog
from onhand.ui.cloud_words import CloudWording
from onhand.ui.usage_dialog import UsageDialog

if TYPE_CHECKING:
    from onhand.ui.cloud_sheet import CloudSheet

pytestmark = pytest.mark.ui

TEXT = "Ada Lovelace, ada@mail.example.org, was charged twice."
ASK = "Ask a cloud model"
OFFLINE = "Offline. 0 bytes of your text have left this laptop."


@pytest.fixture
def answered(window, hand, desktop, qtbot):
    """A window in which cloud models are on, and an answer is shown."""
    desktop.cloud.masks.people = ["Ada Lovelace"]
    window.preferences.change("cloud", "yes")
    qtbot.waitUntil(lambda: desktop.settings.load().cloud)
    window.work.form.set_task(QUEUE)
    window.work.input.set_text(TEXT)
    window.work.run()
    qtbot.waitUntil(lambda: window.work.panel.record is not None)
    return window


def sheet_of(hand, qtbot) -> CloudSheet:
    hand.click(ASK)
    [sheet] = hand.dialogs()
    qtbot.waitUntil(sheet._send.isEnabled)
    return sheet


def test_it_is_not_offered_before_it_is_turned_on(window, hand, desktop, qtbot):
    window.work.form.set_task(QUEUE)
    window.work.input.set_text(TEXT)
    window.work.run()
    qtbot.waitUntil(lambda: window.work.panel.record is not None)
    assert not window.leaving._ask.isVisible()
    window.preferences.change("cloud", "yes")
    qtbot.waitUntil(window.leaving._ask.isVisible)
    window.preferences.change("cloud", "no")
    qtbot.waitUntil(lambda: not window.leaving._ask.isVisible())
    assert desktop.cloud.cloud.sent == []


def test_opening_the_sheet_sends_nothing_and_staying_local_neither(
    answered, hand, desktop, qtbot
):
    sheet = sheet_of(hand, qtbot)
    assert "[PERSON_1], [EMAIL_1], was charged twice." in sheet.shown
    assert sheet._stay.isDefault()
    hand.click("Stay local")
    assert desktop.cloud.cloud.sent == []
    assert desktop.cloud.spending.all() == ()


def test_the_sheet_tells_how_often_the_model_was_right(answered, hand, desktop, qtbot):
    here = desktop.history.stored[0]
    outcome = dataclasses.replace(here.outcome, route="cloud", model=PROVIDER.model)
    for label in ["billing"] * 4 + ["technical"]:
        number = desktop.history.add(dataclasses.replace(here, id=0, outcome=outcome))
        desktop.history.correct(number, label, here.at)
    right = 4 if outcome.answer.label == "billing" else 1
    sheet = sheet_of(hand, qtbot)
    told = f"You judged 5 answers of this model to this task: {right} were right."
    assert told in sheet._facts.text()
    sheet.reject()


def test_send_sends_what_stands_in_the_box_and_shows_the_answer(
    answered, hand, desktop, qtbot
):
    task = answered.work.panel.record.task
    label = task.answers[0]
    desktop.cloud.cloud.says = f'{{"label": "{label}"}}'
    sheet = sheet_of(hand, qtbot)
    shown = sheet.shown
    facts = sheet._facts.text().replace("\u200b", "")
    assert f"{len(shown.encode())} bytes" in facts.replace(",", "")
    assert "https://api.example.org/v1/chat/completions" in facts
    assert "fake-1" in facts
    assert "may still be spent" in facts
    hand.click("Send just this")
    qtbot.waitUntil(lambda: hand.dialogs() == [])
    [approved] = desktop.cloud.cloud.sent
    assert approved.payload.body == shown.encode()
    record = answered.work.panel.record
    assert (record.outcome.route, record.outcome.answer.label) == ("cloud", label)
    assert "A cloud model does not say how sure it is." in hand.labels()
    assert "fake-1 on api.example.org" in hand.labels()
    assert record.outcome.receipt.digest == approved.payload.digest


def test_a_mask_is_taken_off_by_its_tick_and_seen_before_it_is_sent(
    answered, hand, desktop, qtbot
):
    sheet = sheet_of(hand, qtbot)
    assert len(sheet._body.extraSelections()) == 2
    qtbot.waitUntil(lambda: all(each.isVisible() for each in sheet._ticks.values()))
    hand.focus("[PERSON_1]  Ada Lovelace  (person)")
    hand.press("Space")
    assert "Ada Lovelace, [EMAIL_1], was charged twice." in sheet.shown
    assert len(sheet._body.extraSelections()) == 1
    hand.press("Space")
    assert "Ada Lovelace" not in sheet.shown
    hand.click("Stay local")


def test_a_failure_is_told_in_the_sheet_and_nothing_is_lost(answered, hand, desktop, qtbot):
    desktop.cloud.cloud.failing = CloudBusy("status 529")
    sheet = sheet_of(hand, qtbot)
    hand.click("Send just this")
    hand.wait_for("The provider has too much to do")
    assert sheet._send.isEnabled()
    hand.click("Stay local")
    assert answered.work.panel.record.outcome.route == "local"


def test_where_nobody_looked_for_names_the_sheet_says_so(answered, hand, desktop, qtbot):
    desktop.cloud.masks.failing = ModelMissing("none here")
    sheet_of(hand, qtbot)
    assert "Nobody has looked for names" in hand.labels()
    hand.click("Stay local")


def test_a_sheet_that_may_not_be_drawn_up_cannot_send(answered, hand, desktop, qtbot):
    desktop.settings.save(
        dataclasses.replace(desktop.settings.load(), cloud_hosts="other.example")
    )
    hand.click(ASK)
    hand.wait_for("Nothing may be sent to this host")
    [sheet] = hand.dialogs()
    assert not sheet._send.isEnabled()
    hand.click("Stay local")


def test_in_private_the_answer_of_a_cloud_model_is_not_kept(answered, hand, desktop, qtbot):
    task = answered.work.panel.record.task
    desktop.cloud.cloud.says = f'{{"label": "{task.answers[0]}"}}'
    kept = len(desktop.history.search("", kind=None, limit=9, before=None))
    answered.work.private.setChecked(True)
    sheet_of(hand, qtbot)
    hand.click("Send just this")
    qtbot.waitUntil(lambda: hand.dialogs() == [])
    assert answered.work.panel.record.id == 0
    assert len(desktop.history.search("", kind=None, limit=9, before=None)) == kept


def test_the_strip_tells_what_stands_in_the_ledger(window, hand, desktop, qtbot):
    assert window.strip._offline.text() == OFFLINE
    sent = Attempt(
        id="a", at="2026-11-02T10:00:00", host="x.test:443", reason="cloud model fake",
        allowed=True, outcome=Outcome.DONE, bytes=90, sent=1234,
    )  # fmt: skip
    desktop.attempts.append(sent)
    window.leaving.count()
    told = "Offline. 1,234 bytes of your text have left this laptop."
    qtbot.waitUntil(lambda: window.strip._offline.text() == told)
    assert window.strip._offline.accessibleName() == told


def test_a_cloud_model_is_added_tested_and_removed(window, hand, desktop, qtbot):
    window.show_place(4)
    window.preferences.change("cloud", "yes")
    hand.wait_for("fake: fake-1")
    hand.click("Add a cloud model")
    [dialog] = hand.dialogs()
    assert isinstance(dialog, CloudAddDialog)
    qtbot.waitUntil(lambda: dialog._which.count() == 2)
    dialog._which.setCurrentIndex(1)
    dialog._fill()
    assert dialog._url.text() == "https://known.example"
    dialog._read.setText("0,5")
    dialog._written.setText("2")
    dialog._key.setText(KEY)
    hand.click("Add it")
    hand.wait_for("The cloud model was added.")
    added = desktop.cloud.providers.kept["known"]
    assert (str(added.price.read), added.keyed) == ("0.5", True)
    assert desktop.cloud.keyring.kept["cloud model known"] == KEY
    assert KEY not in hand.labels()
    hand.wait_for("known: known-1")
    hand.click("Test fake")
    hand.wait_for("The cloud model answers.")
    hand.click("Remove known")
    qtbot.waitUntil(lambda: "known" not in desktop.cloud.providers.kept)


def test_what_cannot_be_used_is_told_in_the_form(window, hand, desktop, qtbot):
    window.show_place(4)
    hand.click("Add a cloud model")
    [dialog] = hand.dialogs()
    dialog._name.setText("x")
    dialog._model.setText("m")
    dialog._url.setText("http://far.example/v1")
    hand.click("Add it")
    hand.wait_for("needs https")
    dialog._url.setText("https://far.example/v1")
    dialog._read.setText("dear")
    hand.click("Add it")
    hand.wait_for("a price is a number")
    hand.click("Cancel")
    assert list(desktop.cloud.providers.kept) == [PROVIDER.name]


def test_what_was_used_is_a_table(window, hand, desktop, qtbot):
    desktop.cloud.counts = [
        Counted(
            month="2026-11", task_id="t", route="local", requests=3, seconds=2.0,
            characters=400,
        )
    ]  # fmt: skip
    window.show_place(4)
    hand.click("What was used")
    [dialog] = hand.dialogs()
    assert isinstance(dialog, UsageDialog)
    qtbot.waitUntil(lambda: len(dialog._rows.rows()) == 1)
    assert "what fake would have cost" in hand.labels()
    model = dialog._table.model()
    cells = {
        model.headerData(at, Qt.Orientation.Horizontal): model.index(0, at).data()
        for at in range(model.columnCount())
    }
    assert cells["Saved"] == cells["All in a cloud"] == "0.0019 US dollars"
    hand.click("Close")


def test_small_amounts_are_not_shown_as_nothing(window):
    words = CloudWording(window)
    assert words.money(20) == "less than 0.0001 US dollars"
    assert words.money(1234) == "0.0012 US dollars"
    assert words.money(0) == words.money(-20) == "0.00 US dollars"


def test_policies_lock_the_card(window, desktop):
    assert set(window.preferences._editors) >= {"cloud", "cloud_hosts", "masked_words"}


@given(st.text())
def test_a_box_gives_back_what_was_put_in_whatever_the_text_is(text):
    task = Summarise(instruction=text[:20] or "x")
    shown = payload_of(task, text, PROVIDER, masks=True).shown
    box = QPlainTextEdit()
    box.setPlainText(shown)
    assert box.toPlainText() == shown


def test_the_settings_say_off_by_default():
    assert not Settings().cloud
