"""A desktop's portal that tells of contrast: `portal.py FIRST THEN`, two values.

It says `ready` when it can be asked, answers with the first value, and tells the second one
as soon as a line comes in.
"""

from __future__ import annotations

import sys

from jeepney import DBusAddress, message_bus, new_method_return, new_signal
from jeepney.io.blocking import open_dbus_connection

SETTINGS = DBusAddress(
    "/org/freedesktop/portal/desktop", interface="org.freedesktop.portal.Settings"
)
SETTING = ("org.freedesktop.appearance", "contrast")


def main(first, then):
    connection = open_dbus_connection()
    name = message_bus.RequestName("org.freedesktop.portal.Desktop")
    connection.send_and_get_reply(name)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        asked = connection.receive()
        if asked.body == SETTING:
            break
    connection.send(new_method_return(asked, "v", (("v", ("u", first)),)))
    sys.stdin.readline()
    other = ("org.freedesktop.appearance", "accent-color", ("u", 7))
    for told in (other, (*SETTING, ("u", then))):
        connection.send(new_signal(SETTINGS, "SettingChanged", "ssv", told))
    sys.stdin.readline()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
