"""How long a text will take is told before it runs."""

from __future__ import annotations

import msgspec
import pytest

from fakes.desk import FAKE, Desk
from fakes.engine import FakeEngine
from onhand.domain.progress import CancelToken
from onhand.domain.tasks import Extract, Field

TEXT = "Call Ann at the gate. " * 20


class Measured(FakeEngine):
    """Reads a hundred tokens a second and writes ten."""

    def state(self, cancel=None):
        return msgspec.structs.replace(
            super().state(cancel), read_speed=100.0, write_speed=10.0
        )


def seconds(field, text=TEXT, engine=None):
    task = Extract(instruction="Read.", fields=(field,))
    desk = Desk(engine or Measured(), FAKE)
    return desk.run_task.estimate(task, text, CancelToken()).seconds


def test_looking_for_several_values_takes_about_twice_as_long():
    one, several = (seconds(Field(name="name", many=many)) for many in (False, True))
    assert 1.5 * one < several < 2.5 * one


@pytest.mark.parametrize(
    ("field", "text"),
    [
        (Field(name="name", many=True), "Call Ann."),
        (Field(name="name", many=True, multiline=True), TEXT),
    ],
    ids=["short", "over lines"],
)
def test_but_not_in_what_is_read_once(field, text):
    assert seconds(field, text) == seconds(Field(name="name"), text)


def test_nothing_is_foretold_before_the_machine_was_measured():
    assert seconds(Field(name="name"), engine=FakeEngine()) is None
