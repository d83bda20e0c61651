"""Trying again: how long to wait for the next attempt, and how often to speak of it."""

import logging

PAUSES = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds between attempts while Telegram cannot be reached; the last stands for all that follow.
"""

TOLD_EVERY = 20
"""Of so many failures in a row one is logged, besides the first: about one in ten minutes."""


class Backoff:
    """Counts failures in a row: the pauses between them grow, and the log stays short.

    Args:
        log: where failures are told.
        what: what has failed, as the log says it ("polling").
    """

    def __init__(self, log: logging.Logger, what: str) -> None:
        self._log = log
        self._what = what
        self._told: set[str] = set()
        self.failures = 0

    def failed(self, reason: str) -> float:
        """Count a failure, log it if it is new or goes on for long, and give the pause.

        Args:
            reason: what has happened; it is logged as it is.

        Returns:
            Seconds to wait before the next attempt.
        """
        pause = PAUSES[min(self.failures, len(PAUSES) - 1)]
        if reason not in self._told or self.failures % TOLD_EVERY == 0:
            self._told.add(reason)
            self._log.warning(
                "%s failed (%s), %d in a row; again in %g s",
                self._what,
                reason,
                self.failures + 1,
                pause,
            )
        self.failures += 1
        return pause

    def worked(self) -> None:
        """It works, perhaps again: the next failure is a first one."""
        if self.failures:
            self._log.info("%s works again", self._what)
        self.failures = 0
        self._told.clear()
