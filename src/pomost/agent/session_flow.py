"""What may happen in the customer's app, and when: one state machine without windows, sockets, threads or time of its own.

It owns the level that holds, the questions that are open and the order of consents. Its laws:
1. Only a click of the customer raises a level, one question at a time, never above the signed ceiling, and after the gates.
2. No level holds before both people said that the words match, nor while the other end is away or an estimate waits (then look at most).
3. What lowers a level is done first (`Picture`, `Hands`) and told afterwards.
4. While a question is open the technician's hands are off: nobody answers for the customer.
5. Silence, a window that cannot be shown, a lost link: the answer is no.
6. After the end nothing is accepted; the next call is a new `SessionFlow`.

Facts go in by methods; what is to be done comes out as effects, in order, which `app` carries out. Read on there.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from enum import Enum

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from pomost.agent import views
from pomost.agent.effects import (
    Acknowledge,
    Answer,
    Close,
    Decodes,
    Effects,
    Hands,
    Inject,
    MakeKeys,
    Picture,
    PointAt,
    RenewKeys,
    Say,
    Show,
    ShowBar,
    Tell,
)
from pomost.agent.input import INPUTS
from pomost.agent.texts import Translate, reason
from pomost.wire import control, peer
from pomost.wire.allowed import Allowed
from pomost.wire.clock import Clock
from pomost.wire.control import Language
from pomost.wire.errors import RemoteProtocolError
from pomost.wire.levels import Level, Side
from pomost.wire.offer import Gate, Offer, verified
from pomost.wire.spoken import words

SILENCE_MS = 60_000
"""A question that is not answered for so long is answered with no."""


class Phase(Enum):
    """How far the call is."""

    CALLING = "calling"
    BEFORE = "before"
    """The signed offer is being read."""
    JOINING = "joining"
    """Accepted; the technician's page or the keys are awaited."""
    COMPARING = "comparing"
    """The words are on both screens."""
    OPEN = "open"
    """Both said that they match; levels may be asked for."""
    ENDED = "ended"


class SessionFlow:
    """One call, from the double-click to its end."""

    def __init__(
        self,
        *,
        vendor: str,
        desk_key: Ed25519PublicKey,
        person: control.Person,
        clock: Clock,
        language: Language,
        _: Translate,
    ) -> None:
        """Begin; `calling` says what to do first.

        Args:
            vendor: the vendor's address, as pinned.
            desk_key: the vendor's key, as pinned.
            person: whom the customer called.
            clock: for offers that expire and questions that lapse.
            language: the customer's, for the words.
            _: words the sentences that the technician or the record will see.
        """
        self._vendor, self._desk_key, self._person = vendor, desk_key, person
        self._clock, self._language, self._ = clock, language, _
        self.phase = Phase.CALLING
        self.session = ""
        self.resume_key = ""
        self.offer: Offer | None = None
        self.meter: control.MeterShown | None = None
        self._offer_bytes = b""
        self._accepted: set[str] = set()
        self._allowed = Allowed(Level.NONE)
        self._both_here = False
        self._keys_open = False
        self._picture_on = False
        self._hands_on = False
        self._words: tuple[str, ...] = ()
        self._matched = dict.fromkeys(Side, False)
        self._asked: tuple[Level, int] | None = None
        """The level in question, and when silence becomes no."""
        self._estimate: control.AskEstimate | None = None
        self._heard_ms = 0
        """When the technician's page last said anything."""

    # What is asked of it.

    @property
    def level(self) -> Level:
        """The level that holds."""
        return self._allowed.level

    @property
    def dropped(self) -> int:
        """Messages of the technician that the level did not allow."""
        return self._allowed.dropped

    @property
    def shown_ms(self) -> int:
        """The time counted, as the desk last told it."""
        return self.meter.metered_ms if self.meter is not None else 0

    @property
    def silent_ms(self) -> int:
        """For how long the technician's page, which sees the screen and should ask twice a second, has said nothing."""
        return self._clock.monotonic_ms() - self._heard_ms if self.level > Level.NONE else 0

    def may_send(self, message: peer.Message) -> bool:
        """Whether `message` may go to the technician now; counts it when not."""
        return self._can_speak() and self._allowed.passes(message, Side.AGENT)

    def silence_in_ms(self) -> int | None:
        """In how many ms the open question lapses; None: no question."""
        return max(self._asked[1] - self._clock.monotonic_ms(), 0) if self._asked is not None else None

    # What the customer does.

    def calling(self, caller_name: str, caller_company: str | None) -> Effects:
        """The customer double-clicked."""
        call = control.Call(self._person.id, caller_name, caller_company)
        return [Tell(call), Show(views.Calling(self._person))]

    def hung_up(self) -> Effects:
        """The customer gives the call up, or declines the offer."""
        if self.phase is Phase.CALLING:
            self._over()
            return [Tell(control.Hangup()), Close()]
        return self.end(self._("The customer did not accept the conditions."))

    def accepted_before(self, ticked: frozenset[str]) -> Effects:
        """The customer ticked these gates and pressed the button that begins."""
        if self.phase is not Phase.BEFORE or self.offer is None or not self._gates(Level.LOOK, ticked):
            return []
        self.phase = Phase.COMPARING if self._keys_open else Phase.JOINING
        return [*self._consents(ticked), Show(self._resting())]

    def compared(self, *, match: bool) -> Effects:
        """The customer compared the words."""
        if self.phase is not Phase.COMPARING or self._matched[Side.AGENT]:
            return []
        if not match:
            self._over()
            why = self._("The words differ: somebody may be listening in between. Nothing was shared.")
            return [
                Tell(control.Words(match=False)),
                *self._settled(),
                Close(),
                Show(views.Ended(why, 0, "")),
            ]
        self._matched[Side.AGENT] = True
        return [Tell(control.Words(match=True)), *self._both_matched()]

    def answered(self, *, yes: bool, ticked: frozenset[str] = frozenset()) -> Effects:
        """The customer answered the question for a level, or it lapsed (no)."""
        if self._asked is None or self.offer is None:
            return []
        level = self._asked[0]
        if yes and not self._gates(level, ticked):
            return []
        self._asked = None
        if not yes:
            no = peer.NotGranted(level, self._("The customer said no."))
            return [*self._settled(), *self._say(no), Show(self._resting())]
        if not self._can_speak() or self._is_held():
            return [*self._settled(), Show(self._resting())]
        self._allowed.set(level)
        self._heard_ms = self._clock.monotonic_ms()
        granted: Effects = [
            *self._consents(ticked),
            Tell(control.Grant(level)),
            *self._say(peer.Granted(level)),
        ]
        return [*granted, *self._settled(), Show(self._resting()), ShowBar()]

    def decided(self, *, yes: bool) -> Effects:
        """The customer answered the estimate."""
        if self._estimate is None:
            return []
        asked, self._estimate = self._estimate, None
        answer = control.EstimateAnswer(asked.estimate, _sha256(asked.text), yes)
        return [Tell(answer), Show(self._resting())]

    def lower(self, level: Level) -> Effects:
        """The customer withdraws everything above `level`; nobody is asked."""
        if self.phase is not Phase.OPEN or self.level <= level:
            return []
        self._allowed.set(level)
        return [*self._settled(), Tell(control.Withdraw(level)), *self._say(peer.Granted(level)), ShowBar()]

    def end(self, why: str) -> Effects:
        """This end stops for good. `why` goes to the record and to the technician."""
        if self.phase is Phase.ENDED:
            return []
        bye = self._say(peer.Bye(why[:500]))
        self._over()
        return [*self._settled(), *bye, Tell(control.End(why[:500])), Close(), Show(self._ended(why, None))]

    # What the desk says.

    def heard(self, message: control.Message) -> Effects:
        """A message of the desk."""
        if self.phase is Phase.ENDED:
            return []
        match message:
            case control.Ringing(session=session, resume_key=key):
                self.session, self.resume_key = session, key
            case control.Declined(why=why, because=because):
                self._over()
                return [Close(), Show(views.Choosing((), reason(self._, why, because)))]
            case control.OfferSent():
                return self._offered(message)
            case control.Peer(joined=joined, resumed=resumed):
                return self._peer(joined=joined, resumed=resumed)
            case control.Words(match=True):
                self._matched[Side.VIEWER] = True
                return self._both_matched()
            case control.MeterShown():
                self.meter = message
                if message.held or self._estimate is None:
                    return [*(self.lower(Level.LOOK) if message.held else []), ShowBar()]
                self._estimate = None  # answered elsewhere: the clock runs again
                return [Show(self._resting()), ShowBar()]
            case control.AskEstimate():
                return self._estimate_asked(message)
            case control.Refused(why=why, because=because):
                return self._refused(reason(self._, why, because))
            case control.Ended(why=why, metered_ms=metered_ms, because=because):
                self._over()
                shown = self._ended(reason(self._, why, because), metered_ms)
                return [*self._settled(), Close(), Show(shown)]
        return []

    def link_lost(self) -> Effects:
        """The line to the desk broke: nothing goes out, nothing comes in, until `heard` says that both ends are there again."""
        if self.phase in (Phase.ENDED, Phase.CALLING):
            return []
        return self._away()

    # What the technician says.

    def keys_open(self, numbers: tuple[int, ...]) -> Effects:
        """Both ends proved the same transcript; `numbers` are the spoken words."""
        self._keys_open = True
        self._words = words(self.offer.language if self.offer else self._language, numbers)
        if self.phase is Phase.JOINING:
            self.phase = Phase.COMPARING
        if self.phase is not Phase.OPEN:
            return [Show(self._resting())] if self.phase is Phase.COMPARING else []
        return [Say(peer.Granted(self.level)), *self._settled(), Show(self._resting()), ShowBar()]

    def received(self, message: peer.Message) -> Effects:
        """A message of the technician's page, opened."""
        if not self._can_speak():
            return []
        self._heard_ms = self._clock.monotonic_ms()
        if not self._allowed.passes(message, Side.VIEWER):
            return []
        match message:
            case peer.Ask(level=level):
                return self._ask(level)
            case peer.Ack(frame_id=frame_id):
                return [Acknowledge(frame_id)]
            case peer.Ping(echo=echo):
                return [Answer(echo)]
            case peer.CanDecode(codecs=codecs):
                return [Decodes(codecs)]
            case peer.Move(x=x, y=y) if self.level < Level.ACT:
                return [PointAt(x, y)]
            case peer.Bye(why=why):
                return self.end(self._("The technician left: {why}").format(why=why)[:500])
        return [Inject(message)] if isinstance(message, INPUTS) else []

    def lapsed(self) -> Effects:
        """Time passed: a question that nobody answered is answered with no."""
        if self._asked is None or self._clock.monotonic_ms() < self._asked[1]:
            return []
        level, self._asked = self._asked[0], None
        return [
            Say(peer.NotGranted(level, self._("Nobody answered within a minute."))),
            Show(self._resting()),
        ]

    # Inside.

    def _offered(self, sent: control.OfferSent) -> Effects:
        try:
            raw = base64.b64decode(sent.offer, validate=True)
            signature = base64.b64decode(sent.signature, validate=True)
        except binascii.Error:
            return self.end(self._("The offer is not readable; nothing was shared."))
        if self.offer is not None:
            same = raw == self._offer_bytes
            return [] if same else self.end(self._("The desk sent another offer; nothing more is shared."))
        try:
            offer = verified(
                raw,
                signature,
                self._desk_key,
                vendor=self._vendor,
                technician=self._person.id,
                session=self.session,
                now=self._clock.now(),
            )
        except RemoteProtocolError as wrong:
            return self.end(str(wrong))
        if any(_sha256(gate.text) != gate.text_sha256 for gate in offer.gates):
            return self.end(
                self._("A condition in the offer has another text than its hash says; nothing was shared.")
            )
        self.offer, self._offer_bytes = offer, raw
        self._allowed = Allowed(offer.ceiling.level)
        self.phase = Phase.BEFORE
        return [Show(views.Before(offer, self._open_gates(Level.LOOK)))]

    def _peer(self, *, joined: bool, resumed: bool) -> Effects:
        if not joined:
            return self._away()
        self._both_here = True
        if resumed and self._words:
            return [RenewKeys()]
        return [MakeKeys(self.session, self._offer_bytes)]

    def _away(self) -> Effects:
        """The other end is away: stop at once; what was granted waits for it."""
        self._both_here = self._keys_open = False
        self._asked = None
        return [*self._settled(), *([] if self.phase is Phase.BEFORE else [Show(self._resting())])]

    def _both_matched(self) -> Effects:
        if self.phase is Phase.COMPARING and all(self._matched.values()):
            self.phase = Phase.OPEN
        return [Show(self._resting())] if self.phase in (Phase.COMPARING, Phase.OPEN) else []

    def _ask(self, level: Level) -> Effects:
        if self.phase is not Phase.OPEN:
            return []
        why = ""
        if self.offer is None or level > self.offer.ceiling.level:
            why = self.offer.ceiling.text if self.offer is not None else ""
        elif self._is_held():
            why = self._("First the customer answers the estimate.")
        elif self._asked is not None:
            why = self._("One question is open already.")
        elif level is Level.NONE or level <= self.level:
            return [Say(peer.Granted(self.level))]
        if why:
            return [Say(peer.NotGranted(level, why[:500]))]
        self._asked = (level, self._clock.monotonic_ms() + SILENCE_MS)
        return [*self._settled(), Show(self._resting())]

    def _estimate_asked(self, asked: control.AskEstimate) -> Effects:
        if _sha256(asked.text) != asked.text_sha256:
            return self.end(
                self._("The estimate has another text than its hash says; nothing more is shared.")
            )
        self._estimate = asked
        effects = [*self._settled(), *self.lower(Level.LOOK)]
        if self._asked is not None:
            level, self._asked = self._asked[0], None
            effects += self._say(peer.NotGranted(level, self._("First the customer answers the estimate.")))
        return [*effects, Show(self._resting())]

    def _refused(self, why: str) -> Effects:
        """The desk does not do what was asked. A grant it did not take never was one."""
        if self.phase is Phase.CALLING:
            self._over()
            return [Close(), Show(views.Choosing((), why))]
        # Which of our messages it was is not said; so nothing at all is allowed until the customer allows it anew.
        level = self.level
        return [*self.lower(Level.NONE), *self._say(peer.NotGranted(level, why[:500]))]

    def _over(self) -> None:
        """No question stays open after the end."""
        self.phase = Phase.ENDED
        self._asked = self._estimate = None

    def _settled(self) -> Effects:
        """Switch picture and hands to what the state allows: the only place that does."""
        here = self._can_speak() and self.phase is Phase.OPEN
        picture = here and self.level >= Level.LOOK
        hands = here and self.level >= Level.ACT and self._asked is None and not self._is_held()
        effects: Effects = []
        if hands != self._hands_on:
            effects.append(Hands(hands))
        if picture != self._picture_on:
            effects.append(Picture(picture))
        self._picture_on, self._hands_on = picture, hands
        return effects

    def _say(self, message: peer.Message) -> Effects:
        """To the technician, once both said that the words match and while the keys are there; otherwise it is dropped.

        Before that the desk lets no sentence pass and takes one for a broken protocol; on return the level is told anew.
        """
        return [Say(message)] if self._can_speak() and self.phase is Phase.OPEN else []

    def _can_speak(self) -> bool:
        return self._keys_open and self._both_here and self.phase in (Phase.COMPARING, Phase.OPEN)

    def _is_held(self) -> bool:
        return self._estimate is not None or (self.meter is not None and self.meter.held)

    def _open_gates(self, level: Level) -> tuple[Gate, ...]:
        gates = self.offer.gates if self.offer is not None else ()
        return tuple(gate for gate in gates if gate.before <= level and gate.key not in self._accepted)

    def _gates(self, level: Level, ticked: frozenset[str]) -> bool:
        return all(gate.key in ticked for gate in self._open_gates(level))

    def _consents(self, ticked: frozenset[str]) -> Effects:
        gates = self.offer.gates if self.offer is not None else ()
        new = [gate for gate in gates if gate.key in ticked and gate.key not in self._accepted]
        self._accepted |= {gate.key for gate in new}
        return [Tell(control.Consent(gate.key, _sha256(gate.text), accepted=True)) for gate in new]

    def _resting(self) -> views.View:
        """What is to be shown now, by what is open."""
        if not self._both_here or not self._keys_open or self.offer is None:
            return views.Waiting(self._person.name, again=bool(self._words))
        if self.phase is Phase.COMPARING:
            return views.Words(self.offer.technician.name, self._words, said=self._matched[Side.AGENT])
        if self._estimate is not None:
            asked = self._estimate
            return views.Estimate(asked.estimate, self._person.name, asked.text, asked.if_yes, asked.if_no)
        if self._asked is not None:
            level = self._asked[0]
            gates = self._open_gates(level)
            return views.Asked(self.offer, level, self.level, gates, SILENCE_MS // 1000, self._words)
        return views.Running()

    def _ended(self, why: str, metered_ms: int | None) -> views.Ended:
        cost = self.meter.cost.text if self.meter is not None else ""
        return views.Ended(why, self.shown_ms if metered_ms is None else metered_ms, cost)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
