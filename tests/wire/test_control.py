import dataclasses
import json
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pomost.wire import control
from pomost.wire.control import (
    MESSAGES,
    REASONS,
    Because,
    Cost,
    EstimateState,
    Language,
    Person,
    Plank,
    Presence,
    Way,
)
from pomost.wire.errors import LocalProtocolError, RemoteProtocolError
from pomost.wire.levels import Level
from pomost.wire.life import State
from pomost.wire.shape import JSON_BYTES_MAX, Name, read

from .ends import read_or_refused

HASH = "0" * 64
COST = Cost("200.00", "PLN", "200,00 zł netto", "§ 4")
EXAMPLES: list[control.Message] = [
    control.Hello(1, Language.RU, "0.1", control.Resume("s", "k" * 32)),
    control.Call("tess", "Ada", "Acme"),
    control.Call("tess", "Ада"),
    control.Hangup(),
    control.Consent("backup", HASH, accepted=False),
    control.Grant(Level.CHANGE_MANY),
    control.Withdraw(Level.NONE),
    control.Words(match=True),
    control.EstimateAnswer("e1", HASH, accepted=True),
    control.Beat(2**53 - 1, 0),
    control.End("Готово"),
    control.People((Person("t", "Tess", "T", "1C", Presence.CALL, "до 15:00"),)),
    control.Ringing("s", "k" * 64),
    control.Declined("No.", Because.NOT_TAKEN),
    control.OfferSent("YQ==", "Yg=="),
    control.Shown(State.HELD_LOST, Level.ACT, Language.EN, words_agent=True, words_viewer=False),
    control.Peer(joined=True, resumed=False),
    control.MeterShown(
        10**12, running=True, held=False, cost=COST, planks=(Plank("1 h", 100, asks_before=True),)
    ),
    control.AskEstimate("e1", "3 hours", HASH, COST, COST),
    control.Ended("Done.", 0),
    control.Refused("No.", Because.OVER),
    control.ViewerHello(1, "p" * 32),
    control.Asked(Level.POINT),
    control.EstimateShown("e1", EstimateState.DECLINED),
]


def way_of(message: control.Message) -> Way:
    return next(way for way in Way if MESSAGES[way].get(message.say) is type(message))


@pytest.mark.parametrize("message", EXAMPLES, ids=lambda m: type(m).__name__)
def test_every_message_is_read_as_it_was_written(message: control.Message) -> None:
    way = way_of(message)

    assert control.parse(way, control.dump(way, message)) == message


def test_every_message_of_the_tables_is_tried_here() -> None:
    assert {type(m) for m in EXAMPLES} == {cls for table in MESSAGES.values() for cls in table.values()}


def test_only_the_customers_app_can_say_that_something_is_allowed() -> None:
    for way in Way:
        can_grant = control.Grant in MESSAGES[way].values()
        assert can_grant is (way in (Way.AGENT_TO_DESK, Way.DESK_TO_VIEWER))


def test_every_reason_has_its_sentence() -> None:
    assert set(REASONS) == set(Because)


@pytest.mark.parametrize("message", EXAMPLES, ids=lambda m: type(m).__name__)
@pytest.mark.parametrize("wrong", [None, [], {}, "\ud800", 1.5, True, -1, "x" * 13_000, 10**30])
def test_a_field_of_another_kind_is_refused_or_read_as_declared(message: control.Message, wrong: Any) -> None:
    way = way_of(message)
    whole = json.loads(control.dump(way, message))
    for text in [json.dumps(whole | {name: wrong}) for name in whole]:
        read_back, why = read_or_refused(partial(control.parse, way, text))
        if read_back is None:
            assert why[-1] in ".”"
        else:
            control.dump(way, read_back)  # what was let in is within every limit


@pytest.mark.parametrize("message", EXAMPLES, ids=lambda m: type(m).__name__)
def test_a_missing_or_unknown_field_is_refused_by_name(message: control.Message) -> None:
    way = way_of(message)
    whole = json.loads(control.dump(way, message))
    with pytest.raises(RemoteProtocolError, match="no field “more”"):
        control.parse(way, json.dumps(whole | {"more": 1}))
    for field in dataclasses.fields(message):
        if field.default is dataclasses.MISSING:
            short = {name: value for name, value in whole.items() if name != field.name}
            with pytest.raises(RemoteProtocolError, match=f"{field.name} is missing"):
                control.parse(way, json.dumps(short))


@given(st.sampled_from(Way), st.binary(max_size=200) | st.text(max_size=200))
def test_whatever_comes_is_a_message_or_refused(way: Way, raw: bytes | str) -> None:
    message, why = read_or_refused(lambda: control.parse(way, raw))

    assert message is not None or why


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)


@given(st.sampled_from(EXAMPLES), st.dictionaries(st.text(max_size=12), JSON, max_size=5))
def test_whatever_a_message_is_filled_with_it_is_read_or_refused(
    message: control.Message, filling: Any
) -> None:
    way = way_of(message)
    names = {field.name for field in dataclasses.fields(message)}
    filled = {**dict(zip(sorted(names), filling.values(), strict=False)), "say": message.say}
    read_back, why = read_or_refused(lambda: control.parse(way, json.dumps(filled)))

    assert read_back is not None or why


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"\xff", "not UTF-8"),
        ("{", "not JSON"),
        ("5", "must be an object"),
        ('{"say":"end","why":NaN}', "NaN is no number"),
        ('{"say":"end","why":"x","why":"y"}', "a key stands twice"),
        ('{"say":"end","why":"\\ud800"}', "half a surrogate pair"),
        ('{"say":"beat","counted_inputs":1e400,"dropped_inputs":0}', "whole number"),
        ('{"say":"beat","counted_inputs":' + "9" * 5_000 + ',"dropped_inputs":0}', "not JSON"),
        ("[" * 30_000, "not JSON"),
        (" " * (JSON_BYTES_MAX + 1), f"at most {JSON_BYTES_MAX}"),
    ],
    ids=lambda raw: str(raw)[:20],
)
def test_hostile_json_is_refused_with_a_sentence(raw: bytes | str, why: str) -> None:
    with pytest.raises(RemoteProtocolError, match=why):
        control.parse(Way.AGENT_TO_DESK, raw)


def test_what_the_peer_wrote_is_quoted_short_and_printable() -> None:
    with pytest.raises(RemoteProtocolError) as refused:
        control.parse(Way.AGENT_TO_DESK, json.dumps({"say": "\x1b[2J" + "x" * 1_000}))

    assert len(str(refused.value)) < 120
    assert str(refused.value).isprintable()


def test_a_list_that_is_too_long_or_no_list_is_refused() -> None:
    person = {"id": "t", "name": "T", "initials": "T", "what": "", "presence": "free"}
    for technicians, why in (([person] * 201, "201 entries"), (person, "must be a list")):
        with pytest.raises(RemoteProtocolError, match=why):
            control.parse(Way.DESK_TO_AGENT, json.dumps({"say": "people", "technicians": technicians}))


def test_a_message_does_not_go_the_wrong_way() -> None:
    with pytest.raises(LocalProtocolError, match="viewer to desk has no message Grant"):
        control.dump(Way.VIEWER_TO_DESK, control.Grant(Level.ACT))


def test_a_message_beyond_its_limits_is_our_own_fault() -> None:
    with pytest.raises(LocalProtocolError, match="501 characters"):
        control.dump(Way.AGENT_TO_DESK, control.End("x" * 501))


def test_an_optional_field_needs_its_default() -> None:
    @dataclasses.dataclass(frozen=True)
    class Careless:
        name: Name | None

    with pytest.raises(TypeError, match="needs None as its default"):
        read(Careless, "{}", named="it")
