"""Presets above the list: kept, used, renamed and deleted."""

import pytest
from nicegui.testing import User

from movieapp.models.rerank import ListAims
from movieapp.serving.lists import Filters
from movieapp.serving.presets import Presets, Setting
from movieapp.ui.presets import list_link
from movieapp.ui.services import Services
from tests.databases import copy_of
from tests.serving.conftest import NOW

RAINY = Setting(Filters(("Drama",)), ListAims(adventure=0.5), exclude_seen=False)


@pytest.fixture
def services(services: Services) -> Services:
    """A database of its own, since presets are written."""
    object.__setattr__(services, "database", copy_of())
    return services


def presets(services: Services) -> Presets:
    return Presets(services.database, services.profiles)


async def type_into(user: User, marker: str, text: str) -> None:
    await user.should_see(marker=marker, retries=20)
    user.find(marker=marker).elements.copy().pop().set_value(text)  # type: ignore[attr-defined]


async def test_what_is_set_is_kept_under_a_name(user: User, services: Services) -> None:
    await user.open("/list?user=17&genres=Drama&adventure=0.5&seen=1")
    await user.should_see(marker="presets", retries=20)
    user.find(marker="presets").click()
    await type_into(user, "preset-name", "Rainy days")
    user.find(marker="keep-preset").click()
    await user.should_see(marker="preset-Rainy days", retries=20)
    (kept,) = presets(services).of(17)
    assert (kept.name, kept.setting) == ("Rainy days", RAINY)


async def test_a_preset_leads_to_its_list_and_can_be_renamed_and_deleted(
    user: User, services: Services
) -> None:
    presets(services).put(17, "Rainy", RAINY, now=NOW)
    await user.open("/list?user=17")
    await user.should_see(marker="preset-Rainy", retries=20)
    (chip,) = user.find(marker="preset-Rainy").elements
    assert chip.props["href"].endswith("/list?user=17&genres=Drama&seen=1&adventure=0.5")
    user.find(marker="presets").click()
    await type_into(user, "name-of-Rainy", "Sunny")
    user.find(marker="rename-Rainy").click()
    await user.should_see(marker="preset-Sunny", retries=20)
    user.find(marker="delete-Sunny").click()
    await user.should_not_see(marker="preset-Sunny", retries=20)
    assert presets(services).of(17) == []


async def test_a_name_that_cannot_be_is_told(user: User, services: Services) -> None:
    await user.open("/list?user=17")
    await user.should_see(marker="presets", retries=20)
    user.find(marker="presets").click()
    await type_into(user, "preset-name", "a/b")
    user.find(marker="keep-preset").click()
    await user.should_see("1 to 40 characters", retries=20)


def test_the_link_of_a_setting_as_usual_is_the_list(services: Services) -> None:
    assert list_link(services, 17, Setting(Filters(), ListAims())) == "/list?user=17"
