"""The list of places: it is there as a whole, or not there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.connection import connect
from storage.migrations import migrate
from storage.places import PlaceRow, Places

BERLIN: PlaceRow = ("Berlin", "Berlin", "", "Germany", "Europe/Berlin", 3_426_354)
KOELN: PlaceRow = ("Köln", "Köln", "", "Germany", "Europe/Berlin", 963_395)


@pytest.fixture
def places(tmp_path: Path) -> Iterator[Places]:
    conn = connect(tmp_path / "ampersand.db")
    migrate(conn)
    yield Places(conn)
    conn.close()


def test_half_a_list_counts_as_none(places: Places) -> None:
    assert not places.filled()
    places.begin()
    places.add([BERLIN])
    assert not places.filled()
    places.add([KOELN])
    places.finish()
    assert places.filled()
    assert [place.name for place in places.search("koln")] == ["Köln"]


def test_a_list_that_was_cut_short_is_begun_anew(places: Places) -> None:
    places.begin()
    places.add([BERLIN])
    places.fill([BERLIN, KOELN])
    assert places.filled()
    assert len(places.search("Berlin")) == 1
    assert places._conn.execute("SELECT count(*) FROM places").fetchone()[0] == 2
