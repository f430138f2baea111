"""The life of a session: one table of states, from the ring to the end.

Rule 1: what moves a session from state to state stands in STEPS and nowhere else.
Rule 2: nothing leads out of ENDED; a session that ended is never opened again.
Rule 3: only a grant given while both ends are there starts the meter, and it runs in GRANTED alone.

Losing the link keeps the place one was in: each state in which somebody waits has a twin that
says "… but the link is lost". A link lost while it still rings is a hang-up, hence no twin there.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from .errors import LocalProtocolError


class State(StrEnum):
    """Where a session stands."""

    RINGING = "ringing"
    ANSWERED = "answered"
    """The technician took the call; the signed offer is with the customer."""
    JOINED = "joined"
    """Both ends are there and may make keys; nothing is allowed yet."""
    GRANTED = "granted"
    """The customer allowed something at least once; time is counted."""
    HELD = "held"
    """An estimate waits for its answer; no time is counted."""
    ANSWERED_LOST = "answered_lost"
    JOINED_LOST = "joined_lost"
    GRANTED_LOST = "granted_lost"
    HELD_LOST = "held_lost"
    ENDED = "ended"


class Step(StrEnum):
    """What can happen to a session."""

    ANSWER = "answer"
    JOIN = "join"
    """The technician's page is there for the first time."""
    GRANT = "grant"
    HOLD = "hold"
    GO_ON = "go on"
    """The estimate was accepted."""
    LOSE = "lose"
    """One of the two ends is gone."""
    RETURN = "return"
    """Both ends are there again."""
    END = "end"


STEPS: Final[Mapping[tuple[State, Step], State]] = {
    (State.RINGING, Step.ANSWER): State.ANSWERED,
    (State.RINGING, Step.END): State.ENDED,
    (State.ANSWERED, Step.JOIN): State.JOINED,
    (State.ANSWERED, Step.LOSE): State.ANSWERED_LOST,
    (State.ANSWERED, Step.END): State.ENDED,
    (State.JOINED, Step.GRANT): State.GRANTED,
    (State.JOINED, Step.LOSE): State.JOINED_LOST,
    (State.JOINED, Step.END): State.ENDED,
    (State.GRANTED, Step.GRANT): State.GRANTED,
    (State.GRANTED, Step.HOLD): State.HELD,
    (State.GRANTED, Step.LOSE): State.GRANTED_LOST,
    (State.GRANTED, Step.END): State.ENDED,
    (State.HELD, Step.HOLD): State.HELD,
    (State.HELD, Step.GRANT): State.HELD,
    (State.HELD, Step.GO_ON): State.GRANTED,
    (State.HELD, Step.LOSE): State.HELD_LOST,
    (State.HELD, Step.END): State.ENDED,
    (State.ANSWERED_LOST, Step.RETURN): State.ANSWERED,
    (State.ANSWERED_LOST, Step.END): State.ENDED,
    (State.JOINED_LOST, Step.RETURN): State.JOINED,
    (State.JOINED_LOST, Step.END): State.ENDED,
    (State.GRANTED_LOST, Step.RETURN): State.GRANTED,
    (State.GRANTED_LOST, Step.HOLD): State.HELD_LOST,
    (State.GRANTED_LOST, Step.END): State.ENDED,
    (State.HELD_LOST, Step.RETURN): State.HELD,
    (State.HELD_LOST, Step.HOLD): State.HELD_LOST,
    (State.HELD_LOST, Step.GO_ON): State.GRANTED_LOST,
    (State.HELD_LOST, Step.END): State.ENDED,
}
"""The whole life; what is not here cannot happen."""

LOST: Final = frozenset({State.ANSWERED_LOST, State.JOINED_LOST, State.GRANTED_LOST, State.HELD_LOST})
"""The states in which one end is awaited."""

METERED: Final = frozenset({State.GRANTED})
"""The states in which time is counted."""

WITH_BOTH_ENDS: Final = frozenset({State.JOINED, State.GRANTED, State.HELD})
"""The states in which sealed frames pass between the ends."""


def can(state: State, step: Step) -> bool:
    """Whether `step` can happen to a session in `state`."""
    return (state, step) in STEPS


def after(state: State, step: Step) -> State:
    """Return the state that follows.

    Raises:
        LocalProtocolError: that cannot happen in this state.
    """
    try:
        return STEPS[state, step]
    except KeyError:
        raise LocalProtocolError(f"A session that is “{state}” cannot take the step “{step}”.") from None
