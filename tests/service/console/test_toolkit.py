"""The toolkit's question is answered as it would answer it, and asked through the one place."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from inspect import Parameter, signature

import pytest
from nicegui import helpers
from nicegui.observables import ObservableDict

from service.console.toolkit import expects_arguments, remember_signatures


class Deeds:
    def none(self) -> None: ...

    def one(self, event: object) -> None: ...

    def if_told(self, event: object = None) -> None: ...

    def any(self, *events: object, **more: object) -> None: ...

    @classmethod
    def of_the_class(cls, event: object) -> None: ...

    @staticmethod
    def of_nobody(event: object) -> None: ...


def asked(func: Callable[..., object]) -> bool:
    return any(
        it.default is Parameter.empty
        and it.kind not in (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)
        for it in signature(func).parameters.values()
    )


@pytest.mark.parametrize(
    "func",
    [
        Deeds().none,
        Deeds().one,
        Deeds().if_told,
        Deeds().any,
        Deeds.of_the_class,
        Deeds().of_nobody,
        Deeds.one,
        partial(Deeds().one, None),
        partial(Deeds().one),
        lambda: None,
        lambda event: None,
        [].append,
    ],
)
def test_the_answer_is_the_toolkit_s_the_second_time_too(func: Callable[..., object]):
    assert [expects_arguments(func), expects_arguments(func)] == [asked(func)] * 2


def test_the_toolkit_asks_here_and_of_each_method_once(monkeypatch: pytest.MonkeyPatch):
    remember_signatures()
    assert helpers.expects_arguments is expects_arguments
    seen: list[Callable[..., object]] = []

    def ask(func: Callable[..., object]) -> bool:
        seen.append(func)
        return asked(func)

    class Heard:
        def changed(self) -> None: ...

    monkeypatch.setattr("service.console.toolkit._ask", ask)
    for _ in range(3):
        ObservableDict({}, on_change=Heard().changed)
    assert len(seen) == 1
