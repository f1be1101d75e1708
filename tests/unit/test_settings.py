"""Settings: every preference once, and no value that cannot be used."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from onhand.domain.errors import SettingInvalid
from onhand.domain.settings import Appearance, Device, Settings, with_value, without_value

NAMES = [each.name for each in dataclasses.fields(Settings)]


@pytest.mark.parametrize("each", dataclasses.fields(Settings), ids=lambda each: each.name)
def test_every_setting_has_a_label_and_a_help(each):
    assert each.metadata["label"]
    assert each.metadata["help"].endswith(".")
    assert each.default is not dataclasses.MISSING


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("model", "qwen", "qwen"),
        ("model", "", ""),
        ("context", "8192", 8192),
        ("threads", "0", 0),
        ("device", "vulkan", Device.VULKAN),
        ("save_battery", "no", False),
        ("idle_minutes", "30", 30),
        ("check_memory", "off", False),
        ("keep_history", "no", False),
        ("keep_history", "OFF", False),
        ("keep_history", "True", True),
        ("appearance", "dark", Appearance.DARK),
    ],
)
def test_a_setting_takes_the_value_that_a_text_spells(name, text, value):
    settings = with_value(Settings(), name, text)
    assert getattr(settings, name) == value
    assert type(getattr(settings, name)) is type(value)
    assert without_value(settings, name) == Settings()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("context", "many"),
        ("context", "511"),
        ("context", "131073"),
        ("context", "9" * 5000),
        ("context", "4096.5"),
        ("threads", "-1"),
        ("threads", "513"),
        ("device", "opencl"),
        ("idle_minutes", "1441"),
        ("idle_minutes", "-1"),
        ("keep_history", "perhaps"),
        ("keep_history", ""),
        ("appearance", "purple"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_its_setting(name, text):
    with pytest.raises(SettingInvalid, match=name):
        with_value(Settings(), name, text)


def test_an_unknown_setting_is_refused_with_those_there_are():
    with pytest.raises(SettingInvalid, match="'colour'; there are cloud, cloud_hosts"):
        with_value(Settings(), "colour", "red")
    with pytest.raises(SettingInvalid, match="'colour'"):
        without_value(Settings(), "colour")


def test_the_other_settings_stay():
    settings = Settings(model="qwen", context=1024, appearance=Appearance.LIGHT)
    changed = with_value(settings, "threads", "4")
    assert changed == dataclasses.replace(settings, threads=4)
    assert settings.threads == 0


@given(st.sampled_from(NAMES), st.text())
@example("context", "٤٠٩٦")
@example("context", " 4096 ")
def test_any_text_is_a_value_or_refused(name, text):
    try:
        settings = with_value(Settings(), name, text)
    except SettingInvalid:
        return
    assert dataclasses.replace(settings) == settings
