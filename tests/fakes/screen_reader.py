"""Works a window over AT-SPI: `screen_reader.py LAUNCHER WINDOW…`, in a D-Bus session."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402 - the version comes first

PATIENCE = 40
"""Seconds for everything that the program has to do, loading a model for example."""

TEXT = "I was charged twice for one order, please refund me."
LABELS = "billing = charges, refunds\ntechnical = something is broken"


class GaveUp(Exception):
    """Something did not come."""


def walk(element):
    """Every element below one, itself first; the bus may lose some on the way."""
    try:
        count = element.get_child_count()
        yield element
        for number in range(min(count, 400)):
            child = element.get_child_at_index(number)
            if child is not None:
                yield from walk(child)
    except GLib.Error:
        return


def showing(element):
    states = element.get_state_set()
    return states.contains(Atspi.StateType.SHOWING)


def wait_for(look, what):
    """What `look` finds, sooner or later."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            found = look()
        except GLib.Error:
            found = None
        if found:
            return found
        time.sleep(0.1)
    raise GaveUp(what)


def program():
    desktop = Atspi.get_desktop(0)
    for number in range(desktop.get_child_count()):
        child = desktop.get_child_at_index(number)
        if child is not None and child.get_toolkit_name() == "Qt":
            return child
    return None


def find(role, name):
    """An element by its role and name, as soon as it is on the screen."""

    def look():
        root = program()
        for each in walk(root) if root is not None else ():
            if each.get_role_name() == role and each.get_name() == name and showing(each):
                return each
        return None

    return wait_for(look, f"{role} {name}")


def put(name, text):
    find("text", name).set_text_contents(text)
    sys.stdout.write(f"did: put in {name}\n")


def press(name, role="push button"):
    element = find(role, name)
    wait_for(
        lambda: element.get_state_set().contains(Atspi.StateType.ENABLED), f"{name} enabled"
    )
    wanted = {"press", "click", "toggle", "push"}
    for number in range(element.get_n_actions()):
        if Atspi.Action.get_action_name(element, number).lower() in wanted:
            element.do_action(number)
            sys.stdout.write(f"did: press {name}\n")
            return
    raise GaveUp(f"{name} has no action")


def choose_other():
    """Take another label in the list of choices of the dialog, by its own actions."""

    def look():
        for each in walk(program()):
            if each.get_role_name() == "combo box" and showing(each):
                for relation in each.get_relation_set():
                    if relation.get_relation_type() is Atspi.RelationType.LABELLED_BY and (
                        relation.get_target(0).get_name() == "Right answer"
                    ):
                        return each
        return None

    box = wait_for(look, "the choice of the right answer")
    known = box.get_name()
    wait_for(lambda: box.get_n_actions() > 0, "an action of the choice")
    items = [
        each for each in walk(box) if each.get_role_name() in {"list item", "menu item"}
    ]
    other = next(each for each in items if each.get_name() != known)
    parent = other.get_parent()
    selected = parent.select_child(other.get_index_in_parent())
    sys.stdout.write(f"did: choose {other.get_name()} instead of {known}: {selected}\n")
    return other.get_name()


def screen_of_its_own():
    """A screen that nobody sees: Qt joins the bus on X11, not off screen."""
    reading, writing = os.pipe()
    argv = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x900x24"]
    argv += ["-nolisten", "tcp", "-noreset"]
    screen = subprocess.Popen(argv, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    with os.fdopen(reading) as told:
        return screen, f":{told.readline().strip()}"


def main():
    launcher, *window = sys.argv[1:]
    screen, display = screen_of_its_own()
    bus = subprocess.Popen([launcher, "--launch-immediately"])
    running = subprocess.Popen(window, env={**os.environ, "DISPLAY": display})
    try:
        put("Labels, one a line: name = what belongs in it", LABELS)
        put("Text", TEXT)
        press("Run")
        press("Correct answer")
        choose_other()
        press("Keep correction")
        find("label", "You corrected this answer")
        sys.stdout.write("You corrected this answer\n")
    except GaveUp as error:
        sys.stdout.write(f"gave up: {error}\n")
        root = program()
        for each in walk(root) if root is not None else ():
            sys.stdout.write(f"  {each.get_role_name()}: {each.get_name()[:60]!r}\n")
        return 1
    else:
        return 0
    finally:
        running.kill()
        running.wait()
        for each in (bus, screen):
            each.kill()
            each.wait()


if __name__ == "__main__":
    sys.exit(main())
