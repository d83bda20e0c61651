"""Many updates of every shape against all conversations: ``python -m benchmarks.fuzz``."""

import argparse
import secrets
import sys
import time
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from bot.app import load_content
from bot.chat.turn import Operator
from tests.fuzzing import BrokenPromiseError, Fuzz

STEP = 5000


def main() -> int:
    """Run, and say how many updates kept all promises."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--updates", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=None)
    given = parser.parse_args()
    seed = secrets.randbelow(2**32) if given.seed is None else given.seed
    print(f"seed {seed}")
    with TemporaryDirectory() as folder:
        fuzz = Fuzz(Path(folder) / "fuzz.db", load_content(Operator("Olive", "")), Random(seed))
        start = time.perf_counter()
        try:
            while fuzz.given < given.updates:
                fuzz.run(min(STEP, given.updates - fuzz.given))
                print(f"{fuzz.given} in {time.perf_counter() - start:.0f} s", flush=True)
        except BrokenPromiseError as error:
            print(f"update {fuzz.given} breaks a promise:\n{error}", file=sys.stderr)
            return 1
        finally:
            fuzz.close()
    seconds = time.perf_counter() - start
    print(
        f"{fuzz.given} updates in {seconds:.0f} s ({fuzz.given / seconds:.0f}/s):"
        f" {fuzz.answered} answered, {fuzz.unreadable} unreadable, no promise broken"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
