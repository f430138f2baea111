"""The laws of the session, tried without windows, sockets or an X server."""

import base64
import dataclasses
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from pomost.agent import views
from pomost.agent.effects import (
    Acknowledge,
    Answer,
    Close,
    Effect,
    Effects,
    Hands,
    Inject,
    MakeKeys,
    Picture,
    PointAt,
    RenewKeys,
    Say,
    Show,
    Tell,
)
from pomost.agent.session_flow import SILENCE_MS, Phase, SessionFlow
from pomost.wire import control, peer
from pomost.wire.control import Because, Cost, Language, Person, Presence
from pomost.wire.levels import Level
from pomost.wire.offer import Gate, Offer, signed

from .conftest import HandClock
from .desk import EVA, VENDOR, gate, offer, sha256

KEY = Ed25519PrivateKey.generate()
PERSON = Person(EVA, "Ewa Przykładowa", "EP", "Subiekt", Presence.FREE)
SESSION = "s-1"
PHONE = gate("phone", Level.LOOK, "Rozmawiam przez telefon")
BACKUP = gate("backup", Level.ACT, "Mam kopię bazy")
NUMBERS = (1, 2, 3, 4)
COST = Cost("0.00", "PLN", "0,00 zł")
CLICK = peer.Button(0, 0, True, 5, 5)


class Play:
    """One flow, led to where a test begins; keeps everything it wanted done."""

    def __init__(self, clock: HandClock, gates: tuple[Gate, ...] = (), ceiling: Level = Level.ACT) -> None:
        self.clock = clock
        self.gates, self.ceiling = gates, ceiling
        self.done: Effects = []
        self.flow = SessionFlow(
            vendor=VENDOR,
            desk_key=KEY.public_key(),
            person=PERSON,
            clock=clock,
            language=Language.PL,
            _=lambda text: text,
        )

    def do(self, effects: Effects) -> Effects:
        self.done += effects
        return effects

    def heard(self, message: control.Message) -> Effects:
        return self.do(self.flow.heard(message))

    def received(self, message: peer.Message) -> Effects:
        return self.do(self.flow.received(message))

    def offered(self, key: Ed25519PrivateKey = KEY, **changes: Any) -> Effects:
        made: Offer = dataclasses.replace(
            offer(SESSION, self.clock.now(), self.gates, self.ceiling), **changes
        )
        raw, signature = signed(made, key)
        return self.heard(
            control.OfferSent(base64.b64encode(raw).decode(), base64.b64encode(signature).decode())
        )

    def before(self) -> "Play":
        self.do(self.flow.calling("Ada", None))
        self.heard(control.Ringing(SESSION, "k" * 64))
        self.offered()
        return self

    def comparing(self) -> "Play":
        self.before()
        self.heard(control.Peer(joined=True, resumed=False))
        self.do(self.flow.accepted_before(frozenset(g.key for g in self.gates if g.before <= Level.LOOK)))
        self.do(self.flow.keys_open(NUMBERS))
        return self

    def open(self) -> "Play":
        self.comparing()
        self.do(self.flow.compared(match=True))
        self.heard(control.Words(match=True))
        return self

    def granted(self, level: Level) -> "Play":
        self.open()
        self.grant(level)
        return self

    def grant(self, level: Level) -> Effects:
        self.received(peer.Ask(level))
        return self.do(self.flow.answered(yes=True, ticked=frozenset(g.key for g in self.gates)))

    def away(self) -> Effects:
        return self.heard(control.Peer(joined=False, resumed=False))

    def back(self) -> Effects:
        return [
            *self.heard(control.Peer(joined=True, resumed=True)),
            *self.do(self.flow.keys_open(NUMBERS)),
        ]


def shown(effects: Effects) -> views.View:
    return [effect.view for effect in effects if isinstance(effect, Show)][-1]


def told(effects: Effects) -> list[control.Message]:
    return [effect.message for effect in effects if isinstance(effect, Tell)]


def said(effects: Effects) -> list[peer.Message]:
    return [effect.message for effect in effects if isinstance(effect, Say)]


@pytest.fixture
def play(clock: HandClock) -> Play:
    return Play(clock)


def test_nothing_is_shown_or_injected_before_the_words_were_compared(play: Play) -> None:
    play.comparing()
    play.received(peer.Ask(Level.LOOK))
    play.received(CLICK)
    assert not [e for e in play.done if isinstance(e, Picture | Hands | Inject)]


def test_no_sentence_leaves_before_the_words_match_since_the_desk_takes_none(play: Play) -> None:
    play.comparing()
    play.received(peer.Ask(Level.LOOK))
    play.heard(control.Refused("Nothing can be done now."))
    ended = play.do(play.flow.end("The customer ended the session."))
    assert control.End("The customer ended the session.") in told(ended)
    assert said(play.done) == []


def test_one_sides_match_is_not_enough(play: Play) -> None:
    play.comparing()
    effects = play.do(play.flow.compared(match=True))
    assert isinstance(shown(effects), views.Words)
    assert play.flow.phase is Phase.COMPARING
    assert shown(play.heard(control.Words(match=True))) == views.Running()


def test_words_that_differ_close_everything_at_once(play: Play) -> None:
    play.comparing()
    effects = play.do(play.flow.compared(match=False))
    assert told(effects) == [control.Words(match=False)]
    assert Close() in effects
    assert isinstance(shown(effects), views.Ended)
    assert play.received(peer.Ask(Level.LOOK)) == []


def test_a_question_is_asked_and_a_yes_turns_the_picture_on_after_the_desk_was_told(play: Play) -> None:
    play.open()
    question = shown(play.received(peer.Ask(Level.LOOK)))
    assert isinstance(question, views.Asked)
    assert (question.level, question.level_now) == (Level.LOOK, Level.NONE)
    effects = play.do(play.flow.answered(yes=True))
    assert effects.index(Tell(control.Grant(Level.LOOK))) < effects.index(Picture(on=True))
    assert peer.Granted(Level.LOOK) in said(effects)
    assert Hands(on=True) not in effects


def test_no_means_no_and_the_level_stays(play: Play) -> None:
    play.granted(Level.LOOK)
    play.received(peer.Ask(Level.ACT))
    effects = play.do(play.flow.answered(yes=False))
    assert said(effects) == [peer.NotGranted(Level.ACT, "The customer said no.")]
    assert play.flow.level is Level.LOOK


def test_silence_for_a_minute_is_no(play: Play) -> None:
    play.open()
    play.received(peer.Ask(Level.LOOK))
    play.clock.ms += SILENCE_MS - 1
    assert play.flow.lapsed() == []
    play.clock.ms += 1
    assert said(play.do(play.flow.lapsed())) == [
        peer.NotGranted(Level.LOOK, "Nobody answered within a minute.")
    ]
    assert play.do(play.flow.answered(yes=True)) == []
    assert play.flow.level is Level.NONE


def test_the_ceiling_of_the_offer_cannot_be_passed(clock: HandClock) -> None:
    play = Play(clock, ceiling=Level.POINT).open()
    effects = play.received(peer.Ask(Level.ACT))
    assert said(effects) == [peer.NotGranted(Level.ACT, "Więcej nie obejmuje ta usługa.")]
    assert play.do(play.flow.answered(yes=True)) == []


def test_a_gate_stands_before_its_level(clock: HandClock) -> None:
    play = Play(clock, gates=(PHONE, BACKUP))
    question = shown(play.before().done)
    assert isinstance(question, views.Before)
    assert question.gates == (PHONE,)
    assert play.do(play.flow.accepted_before(frozenset())) == []
    assert play.flow.phase is Phase.BEFORE
    play = Play(clock, gates=(PHONE, BACKUP)).open()
    asked = shown(play.received(peer.Ask(Level.ACT)))
    assert isinstance(asked, views.Asked)
    assert asked.gates == (BACKUP,)
    assert play.do(play.flow.answered(yes=True)) == []
    effects = play.do(play.flow.answered(yes=True, ticked=frozenset({"backup"})))
    consent = control.Consent("backup", sha256(BACKUP.text), accepted=True)
    assert told(effects)[:2] == [consent, control.Grant(Level.ACT)]


def test_while_a_question_is_open_the_technicians_hands_are_off(clock: HandClock) -> None:
    """Otherwise the technician could click “allow” for the customer."""
    play = Play(clock, ceiling=Level.CHANGE_MANY).granted(Level.ACT)
    assert Hands(on=False) in play.received(peer.Ask(Level.CHANGE_MANY))
    assert Hands(on=True) in play.do(play.flow.answered(yes=False))


def test_only_one_question_at_a_time(play: Play) -> None:
    play.open()
    play.received(peer.Ask(Level.LOOK))
    assert said(play.received(peer.Ask(Level.ACT))) == [
        peer.NotGranted(Level.ACT, "One question is open already.")
    ]


def test_input_below_its_level_is_dropped_and_counted(play: Play) -> None:
    play.granted(Level.POINT)
    assert play.received(CLICK) == []
    assert play.flow.dropped == 1
    assert play.received(peer.Move(0, 7, 8)) == [PointAt(7, 8)]
    play.grant(Level.ACT)
    assert play.received(peer.Move(0, 7, 8)) == [Inject(peer.Move(0, 7, 8))]
    assert play.received(CLICK) == [Inject(CLICK)]
    assert play.received(peer.Ack(5, 1)) == [Acknowledge(5)]


def test_withdrawing_stops_first_and_tells_afterwards(play: Play) -> None:
    play.granted(Level.ACT)
    effects = play.do(play.flow.lower(Level.NONE))
    assert effects[:2] == [Hands(on=False), Picture(on=False)]
    assert told(effects) == [control.Withdraw(Level.NONE)]
    assert said(effects) == [peer.Granted(Level.NONE)]
    assert play.received(CLICK) == []


def test_only_look_keeps_the_picture(play: Play) -> None:
    play.granted(Level.ACT)
    effects = play.do(play.flow.lower(Level.LOOK))
    assert Hands(on=False) in effects
    assert Picture(on=False) not in effects


def test_a_lost_link_stops_everything_and_its_return_brings_back_what_was_granted(play: Play) -> None:
    play.granted(Level.ACT)
    effects = play.do(play.flow.link_lost())
    assert {Hands(on=False), Picture(on=False)} <= set(effects[:2])
    assert isinstance(shown(effects), views.Waiting)
    assert play.received(CLICK) == []
    effects = play.back()
    assert effects[0] == RenewKeys()
    assert {Hands(on=True), Picture(on=True)} <= {e for e in effects if isinstance(e, Hands | Picture)}
    assert peer.Granted(Level.ACT) in said(effects)


def test_what_was_withdrawn_during_a_break_stays_withdrawn(play: Play) -> None:
    play.granted(Level.ACT)
    play.away()
    effects = play.do(play.flow.lower(Level.NONE))
    assert told(effects) == [control.Withdraw(Level.NONE)]
    assert said(effects) == []
    assert not [e for e in play.back() if isinstance(e, Hands | Picture)]


def test_a_question_that_was_open_when_the_link_broke_is_not_answered_later(play: Play) -> None:
    play.open()
    play.received(peer.Ask(Level.LOOK))
    play.away()
    play.back()
    assert play.do(play.flow.answered(yes=True)) == []
    assert play.flow.level is Level.NONE


ESTIMATE = control.AskEstimate("e1", "3 godziny", sha256("3 godziny"), COST, COST)


def test_an_estimate_takes_the_hands_away_until_it_is_answered(play: Play) -> None:
    play.granted(Level.ACT)
    effects = play.heard(ESTIMATE)
    assert Hands(on=False) in effects
    assert told(effects) == [control.Withdraw(Level.LOOK)]
    assert isinstance(shown(effects), views.Estimate)
    assert said(play.received(peer.Ask(Level.ACT))) == [
        peer.NotGranted(Level.ACT, "First the customer answers the estimate.")
    ]
    answer = control.EstimateAnswer("e1", sha256("3 godziny"), True)
    assert told(play.do(play.flow.decided(yes=True))) == [answer]
    assert play.do(play.flow.decided(yes=False)) == []


def test_an_estimate_answered_elsewhere_is_asked_no_more(play: Play) -> None:
    play.granted(Level.LOOK)
    play.heard(ESTIMATE)

    effects = play.heard(control.MeterShown(1000, True, False, COST, ()))

    assert isinstance(shown(effects), views.Running)
    assert play.do(play.flow.decided(yes=True)) == []


def test_an_estimate_with_another_text_than_its_hash_ends_the_session(play: Play) -> None:
    play.granted(Level.LOOK)
    effects = play.heard(dataclasses.replace(ESTIMATE, text="30 godzin"))
    assert Close() in effects
    assert play.flow.phase is Phase.ENDED


def test_a_held_meter_leaves_looking_only(play: Play) -> None:
    play.granted(Level.ACT)
    effects = play.heard(control.MeterShown(1000, False, True, COST, ()))
    assert Hands(on=False) in effects
    assert play.flow.level is Level.LOOK


def test_a_grant_the_desk_refuses_never_was_one(play: Play) -> None:
    play.granted(Level.LOOK)
    effects = play.heard(control.Refused("Above the ceiling."))
    assert Picture(on=False) in effects
    assert play.flow.level is Level.NONE
    assert peer.NotGranted(Level.LOOK, "Above the ceiling.") in said(effects)


@pytest.mark.parametrize(
    "changes",
    [
        {"vendor": "evil"},
        {"session": "another"},
        {"gates": (dataclasses.replace(PHONE, text_sha256=sha256("another text")),)},
        {"expires_at": "2026-06-01T09:00:00+00:00", "made_at": "2026-06-01T08:00:00+00:00"},
    ],
)
def test_an_offer_that_is_not_for_this_call_ends_it_before_anything_is_shown(
    play: Play, changes: dict[str, Any]
) -> None:
    play.do(play.flow.calling("Ada", None))
    play.heard(control.Ringing(SESSION, "k" * 64))
    effects = play.offered(**changes)
    assert isinstance(effects[0], Tell)
    assert isinstance(effects[0].message, control.End)
    assert play.flow.phase is Phase.ENDED


def test_an_offer_signed_by_another_key_ends_the_call(play: Play) -> None:
    play.heard(control.Ringing(SESSION, "k" * 64))
    play.offered(key=Ed25519PrivateKey.generate())
    assert play.flow.phase is Phase.ENDED


def test_a_second_offer_with_other_words_ends_the_session(play: Play) -> None:
    play.granted(Level.LOOK)
    effects = play.offered(terms_version="2")
    assert Picture(on=False) in effects
    assert Close() in effects


def test_declining_the_conditions_ends_the_session(play: Play) -> None:
    play.before()
    effects = play.do(play.flow.hung_up())
    assert told(effects) == [control.End("The customer did not accept the conditions.")]


def test_a_declined_call_goes_back_to_the_list_with_the_reason(play: Play) -> None:
    play.do(play.flow.calling("Ada", None))
    effects = play.heard(control.Declined("Nobody took the call.", Because.NOT_TAKEN))
    assert effects == [Close(), Show(views.Choosing((), "Nobody took the call within two minutes."))]


def test_keys_are_made_with_the_very_bytes_of_the_offer(play: Play) -> None:
    play.before()
    (made,) = play.heard(control.Peer(joined=True, resumed=False))
    assert isinstance(made, MakeKeys)
    assert b'"vendor":"acme"' in made.offer


STEPS = """ask look|ask point|ask act|ask many|yes|no|click|away|back|lower look|lower none|estimate|decide|meter|held|refused
lapse|end|desk ends|bye|match""".replace("\n", "|").split("|")


class Outside:
    """The world as the effects leave it."""

    def __init__(self) -> None:
        self.picture = self.hands = False
        self.closed = False
        self.granted = Level.NONE

    def take(self, effect: Effect) -> None:
        match effect:
            case Picture(on=on):
                self.picture = on
            case Hands(on=on):
                self.hands = on
            case Close():
                self.closed = True
            case Tell(message=control.Grant(level=level)):
                self.granted = level
            case Tell(message=control.Withdraw(level_now=level)):
                self.granted = min(self.granted, level)
            case Inject():
                assert self.hands
            case _:
                pass


@given(st.lists(st.sampled_from(STEPS), max_size=60))
def test_in_any_order_of_events_hands_and_picture_follow_the_customers_yes(steps: list[str]) -> None:
    play = Play(HandClock())
    outside = Outside()
    play.open()
    asking: Level | None = None
    here = True
    levels = {"look": Level.LOOK, "point": Level.POINT, "act": Level.ACT, "many": Level.CHANGE_MANY}
    for step in steps:
        effects: Effects = []
        match step.split():
            case ["ask", word]:
                effects = play.received(peer.Ask(levels[word]))
            case ["yes" | "no"]:
                effects = play.do(play.flow.answered(yes=step == "yes"))
                if Tell(control.Grant(asking or Level.NONE)) in effects:
                    assert step == "yes"
            case ["click"]:
                effects = play.received(CLICK)
            case ["away"]:
                effects, here = play.away(), False
            case ["back"]:
                effects, here = play.back() if not here else [], True
            case ["lower", word]:
                effects = play.do(play.flow.lower(levels.get(word, Level.NONE)))
            case ["estimate"]:
                effects = play.heard(ESTIMATE)
            case ["decide"]:
                effects = play.do(play.flow.decided(yes=True))
            case ["meter"] | ["held"]:
                effects = play.heard(control.MeterShown(1, step == "meter", step == "held", COST, ()))
            case ["refused"]:
                effects = play.heard(control.Refused("no"))
            case ["lapse"]:
                play.clock.ms += SILENCE_MS
                effects = play.do(play.flow.lapsed())
            case ["end"]:
                effects = play.do(play.flow.end("done"))
            case ["desk", "ends"]:
                effects = play.heard(control.Ended("done", 1))
            case ["bye"]:
                effects = play.received(peer.Bye("done"))
            case _:
                effects = play.heard(control.Words(match=True))
        if outside.closed:
            assert effects == []
            continue
        asked = [e.view.level for e in effects if isinstance(e, Show) and isinstance(e.view, views.Asked)]
        asking = (
            asked[-1] if asked else None if effects and any(isinstance(e, Show) for e in effects) else asking
        )
        for effect in effects:
            outside.take(effect)
        allowed = here and not outside.closed
        assert outside.picture == (allowed and outside.granted >= Level.LOOK)
        if outside.hands:
            assert allowed
            assert outside.granted >= Level.ACT
            assert asking is None
        assert outside.granted <= Level.ACT


def test_how_old_the_picture_is_says_what_captures_it_while_it_is_shown(clock: HandClock) -> None:
    play = Play(clock).open()
    assert play.received(peer.Ping(7)) == []
    play.grant(Level.LOOK)

    assert play.received(peer.Ping(8)) == [Answer(8)]


def test_a_page_that_says_nothing_is_silent_from_its_last_word_and_only_while_it_sees(
    clock: HandClock,
) -> None:
    play = Play(clock).open()
    clock.ms += 60_000
    assert play.flow.silent_ms == 0
    play.grant(Level.LOOK)
    clock.ms += 4_000
    assert play.flow.silent_ms == 4_000

    play.received(peer.Ping(1))
    assert play.flow.silent_ms == 0

    play.away()
    clock.ms += 9_000
    assert play.flow.silent_ms == 9_000
