"""The places of the console: their names, paths and words agree with each other."""

from __future__ import annotations

from collections import Counter

import pytest

from service.auth import Action, Principal, PrincipalKind, Resource, Role
from service.console.i18n import Language, load_words
from service.console.pages import PLACES
from service.console.places import Place, Section


def test_names_and_paths_are_each_one_place_s():
    assert [name for name, count in Counter(it.name for it in PLACES).items() if count > 1] == []
    paths = Counter(path for place in PLACES for path in place.paths)
    assert [path for path, count in paths.items() if count > 1] == []


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_a_place_has_a_title_in_both_languages(place: Place):
    for language in Language:
        assert load_words(language)(f"{place.name}.title")


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_a_place_of_the_menu_needs_no_id_and_another_names_where_it_belongs(place: Place):
    assert place.path.startswith("/")
    if place.menu:
        assert "{" not in place.path
    else:
        assert place.under in {other.name for other in PLACES if other.menu}


def test_a_place_is_open_to_whoever_may():
    place = Place(
        name="x", path="/x", section=Section.SETTINGS, may=(Action.EDIT, Resource.CHANNEL)
    )
    admin = Principal(id="u1", kind=PrincipalKind.USER, name="a", roles=frozenset({Role.ADMIN}))
    viewer = Principal(id="u2", kind=PrincipalKind.USER, name="v", roles=frozenset({Role.VIEWER}))
    assert place.open_to(admin)
    assert not place.open_to(viewer)
