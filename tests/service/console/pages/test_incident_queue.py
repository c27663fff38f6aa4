"""The queue as somebody sees it."""

from __future__ import annotations

import asyncio

from nicegui.testing.user import User

from service.auth import Role
from service.incidents import Action, State
from tests.support.console_scene import ConsoleScene


def keys(user: User) -> list[str]:
    """What can be reached by keyboard, in the order of the page."""
    assert user.client is not None
    elements = sorted(user.client.elements.values(), key=lambda element: element.id)
    return [str(item.props["data-key"]) for item in elements if "data-key" in item.props]


def press(user: User, key: str) -> None:
    assert user.client is not None
    for element in list(user.client.elements.values()):
        if element.props.get("data-key") == key:
            with user.client:
                for listener in list(element._event_listeners.values()):
                    listener.handler(None) if False else user_trigger(user, element)
            return
    raise AssertionError(f"{key} is not on the page")
