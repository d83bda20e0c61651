"""Many updates of every shape against all conversations: ``python -m benchmarks.fuzz``."""

import argparse
import secrets
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.chat.turn import Operator
from bot.content import load_content
from tests.fuzzing import BrokenPromiseError, Tally, run


def main() -> int:
    """Run, and say how many updates kept all promises."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--updates", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=None)
    given = parser.parse_args()
    seed = secrets.randbelow(2**32) if given.seed is None else given.seed
    print(f"seed {seed}")
    content = load_content(Operator("Olive", ""))
    start = time.perf_counter()
    tally = Tally()
    with TemporaryDirectory() as folder:
        try:
            for tally in run(Path(folder), content, seed, given.updates):
                print(f"{tally.given} in {time.perf_counter() - start:.0f} s", flush=True)
        except BrokenPromiseError as error:
            print(f"a promise is broken after {tally.given} updates:\n{error}", file=sys.stderr)
            return 1
    seconds = time.perf_counter() - start
    print(
        f"{tally.given} updates in {seconds:.0f} s ({tally.given / seconds:.0f}/s):"
        f" {tally.answered} answered, {tally.unreadable} unreadable, no promise broken"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
