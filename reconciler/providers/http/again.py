"""Asking again after a failure, where that can do no harm. The only door to stamina."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from time import monotonic

import stamina

from reconciler.core.patience import ATTEMPTS, MOST_MANGLED, PATIENCE

from .age import Age
from .call import Answer, Call
from .failures import HttpError, Mishap
from .pace import LONGEST_PAUSE

MOST_UNREACHED = 3
"""A server that has answered comes back; one that never has is more likely a mistyped url."""

# Its default hooks log every retry, with the arguments of the retried call.
stamina.instrumentation.set_on_retry_hooks([])


class Asked:
    """One call over all of its attempts.

    Args:
        call: what was asked.
        reached: whether the target has ever answered.
        closed: whether nobody waits for an answer any more.
        rest: how to wait for what the target asks for; ends when nobody waits any more.
        age: how old what the call was made from is, if it ages.
    """

    def __init__(
        self,
        call: Call,
        reached: Callable[[], bool],
        closed: Callable[[], bool],
        rest: Callable[[float], None],
        age: Age,
    ) -> None:
        self._call, self._reached, self._closed, self._rest, self._age = call, reached, closed, rest, age
        self._unreadable = self._unreached = 0
        self._asked = 0.0
        self._may_have_landed = False
        """An earlier attempt may have, although the last one was refused."""

    def insist(self, failure: HttpError, begun: float, attempt: Callable[[Call], Answer]) -> Answer:
        """The answer to further attempts behind the first one, which began at `begun` and ended with `failure`.

        Raises:
            HttpError: there is none; `again` says when a call that ages may be made anew.
        """
        verdict = self._again(failure)
        try:
            if verdict is False:
                raise failure
            for each in stamina.retry_context(
                on=lambda error: verdict if error is failure else self._again(error),
                attempts=ATTEMPTS,
                timeout=PATIENCE - (monotonic() - begun),
                wait_jitter=0.2,
            ):
                with each:
                    if each.num == 1 or self._closed():
                        raise failure
                    self._rest(self._asked)
                    return attempt(self._call)
        except HttpError as last:
            last.uncertain = self._may_have_landed
            raise
        raise AssertionError

    def _again(self, error: Exception) -> bool | float:
        """Whether to repeat after `error`; 0.0: in as many seconds as the vendor asked for, which `insist` rests.

        Nobody can cut short what stamina waits, five seconds at most.
        """
        if not isinstance(error, HttpError):
            return False
        sent = error.mishap in {Mishap.LOST, Mishap.UNREADABLE}
        self._may_have_landed |= sent and self._call.writes
        self._unreadable += error.mishap is Mishap.UNREADABLE
        self._unreached += error.mishap is Mishap.UNSENT and not self._reached()
        if (
            error.mishap is Mishap.REFUSED
            or self._closed()
            or (sent and self._call.writes and self._call.repeat == "untaken")
            or self._unreadable >= MOST_MANGLED
            or self._unreached >= MOST_UNREACHED
        ):
            return False
        self._age.fail()
        wait = min(error.wait or 0.0, LONGEST_PAUSE)
        if self._call.ages and (sent or not self._age.bears_again(self._call.target, wait)):
            self._age.give_up(self._call.target)
            error.again = wait
            return False
        # What 429 asks for everybody waits for, this attempt, too.
        self._asked = 0.0 if error.status == HTTPStatus.TOO_MANY_REQUESTS else wait
        return True if error.wait is None else 0.0
