"""The keys of a session and the sealing of its frames; the two ends' half of the trust.

    viewer                         agent
    COMMIT  sha256(label|pub|nonce)  →
                                   ←  REVEAL pub, nonce
    REVEAL  pub, nonce             →      (the agent checks the commitment)
    PROOF (sealed)                ←→  PROOF (sealed)      both now know that the transcripts match

X25519 → HKDF-SHA-256, salted with the hash of the whole transcript (session id and offer included)
→ one AES-256-GCM key for each direction, four numbers for the spoken words, and a secret from which
new keys are made after a lost link (RESUME both ways, PROOF again; the words stay).
Each sealed frame carries its counter, which must be exactly the next one: replayed, reordered,
dropped and injected frames are refused, and refusing is final.

No sockets and no tasks: frames go in and come out. Randomness comes from the operating system.
Twin: ui/static/ui/session/sealed.js. Read next: docs/explain/session-keys.md.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from .carrier import FRAME_BYTES_MAX
from .errors import LocalProtocolError, RemoteProtocolError
from .levels import Side

CIPHER: Final = "AES-256-GCM"
"""The only one; the lock sign is drawn when `Sealed.locked_with` says it."""

LABEL: Final = b"pomost/1"
KEY_BYTES: Final = 32
PLAIN_MARK: Final = 0
SEALED_MARK: Final = 1
COUNTER_BYTES: Final = 8
TAG_BYTES: Final = 16
OVERHEAD_BYTES: Final = 1 + COUNTER_BYTES + TAG_BYTES
PLAINTEXT_BYTES_MAX: Final = FRAME_BYTES_MAX - OVERHEAD_BYTES
HANDSHAKE_FRAME_BYTES_MAX: Final = 128
"""No frame of the handshake is larger, the sealed proof included; the relay passes nothing larger
until both ends have said that the words match."""
COUNTER_MAX: Final = 2**48
"""Frames a direction may seal under one key; at 1,000 a second, 8,900 years."""
WORDS: Final = 4
"""Words to compare, 8 bits each. One guess in 4,294,967,296 is right, and the commitment leaves one guess."""
PROOF: Final = 0
"""The first byte of a proof's plaintext; no peer message (wire/peer.py) begins with it."""

DIRECTION_IDS: Final[Mapping[Side, bytes]] = {Side.AGENT: b"A>V\0", Side.VIEWER: b"V>A\0"}
DIRECTIONS: Final[Mapping[Side, bytes]] = {Side.AGENT: b"agent to viewer", Side.VIEWER: b"viewer to agent"}


class Plain(IntEnum):
    """The unsealed frames: the second byte, after PLAIN_MARK."""

    COMMIT = 1
    REVEAL = 2
    RESUME = 3


PLAIN_BYTES: Final[Mapping[Plain, int]] = {Plain.COMMIT: 32, Plain.REVEAL: 64, Plain.RESUME: 32}


class Stage(Enum):
    """How far the keys are."""

    IDLE = "waiting for the other end"
    COMMITTED = "committed"
    REVEALED = "revealed"
    RESUMING = "renewing the keys"
    PROVING = "waiting for the other end's proof"
    OPEN = "open"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of one received frame."""

    send: tuple[bytes, ...] = ()
    """Frames to send now, in this order."""
    plaintext: bytes | None = None
    """A message of the other end, opened and in its right place."""


NOTHING: Final = Taken()


class Sealed:
    """One end of one session: makes the keys, seals and opens. Dies with the session."""

    def __init__(self, side: Side, session: str, offer: bytes) -> None:
        """Begin.

        Args:
            side: which end this is.
            session: the session's id; it is part of every frame's authentication.
            offer: the signed offer's very bytes; both ends must hold the same.
        """
        self._side = side
        self._session = session.encode("utf-8")
        self._offer_sha256 = hashlib.sha256(offer).digest()
        self._handlers: Mapping[tuple[Side, Stage, Plain], Callable[[bytes], Taken]] = {
            (Side.AGENT, Stage.IDLE, Plain.COMMIT): self._take_commit,
            (Side.AGENT, Stage.REVEALED, Plain.COMMIT): self._take_commit_anew,
            (Side.VIEWER, Stage.COMMITTED, Plain.REVEAL): self._take_agents_reveal,
            (Side.AGENT, Stage.REVEALED, Plain.REVEAL): self._take_viewers_reveal,
            (side, Stage.RESUMING, Plain.RESUME): self._take_resume,
            (side, Stage.PROVING, Plain.RESUME): self._take_early_resume,
            (side, Stage.OPEN, Plain.RESUME): self._take_early_resume,
        }
        self._renew_secret = b""  # empty until there are keys
        self._words: tuple[int, ...] | None = None
        self._begin()

    def _begin(self) -> None:
        self._private = X25519PrivateKey.generate()
        self._public = self._private.public_key().public_bytes_raw()
        self._nonce = secrets.token_bytes(32)
        self._commitment = b""
        self._stage = Stage.IDLE

    # What the owner may ask.

    @property
    def stage(self) -> Stage:
        """How far the keys are."""
        return self._stage

    @property
    def locked_with(self) -> str | None:
        """The cipher, once the other end has proved the same transcript; None: draw no lock."""
        return CIPHER if self._stage is Stage.OPEN else None

    @property
    def word_numbers(self) -> tuple[int, ...] | None:
        """Four numbers 0..255, the same at both ends unless somebody stands between; None before keys."""
        return self._words

    # What the owner does.

    def start(self) -> tuple[bytes, ...]:
        """Return the frames to send when both ends are there for the first time; the agent only answers.

        Raises:
            LocalProtocolError: the viewer was started before.
        """
        if self._side is Side.AGENT:
            return ()
        if self._stage is not Stage.IDLE:
            raise LocalProtocolError(f"The keys were begun already; they are “{self._stage.value}”.")
        self._commitment = commitment(self._public, self._nonce)
        self._stage = Stage.COMMITTED
        return (_plain(Plain.COMMIT, self._commitment),)

    def resume(self) -> tuple[bytes, ...]:
        """Return the frames to send when both ends are there again after a break.

        Frames sealed before the break and still on the way are passed over. If the break came before
        there were keys, they are begun anew.

        Raises:
            LocalProtocolError: the session was refused.
        """
        if self._stage is Stage.REFUSED:
            raise LocalProtocolError("A refused session is not resumed.")
        if not self._renew_secret and self._side is Side.AGENT:
            return ()  # the viewer begins anew, if its new beginning is not here already
        if not self._renew_secret:
            self._begin()
            return self.start()
        self._resume_nonce = secrets.token_bytes(32)
        self._stage = Stage.RESUMING
        return (_plain(Plain.RESUME, self._resume_nonce),)

    def seal(self, plaintext: bytes) -> bytes:
        """Return the frame that carries `plaintext`; frames must be sent in the order they were sealed.

        Raises:
            LocalProtocolError: the session is not open, or the message is too large.
        """
        if self._stage is not Stage.OPEN:
            raise LocalProtocolError(f"Nothing is sealed while the keys are “{self._stage.value}”.")
        if len(plaintext) > PLAINTEXT_BYTES_MAX:
            raise LocalProtocolError(
                f"A message of {len(plaintext)} bytes; at most {PLAINTEXT_BYTES_MAX} fit."
            )
        return self._sealed(plaintext)

    def receive(self, frame: bytes) -> Taken:
        """Take one frame from the carrier.

        Raises:
            RemoteProtocolError: it is not exactly the next genuine frame. The session is refused from
                then on, whatever comes.
        """
        try:
            return self._received(frame)
        except RemoteProtocolError:
            self._stage = Stage.REFUSED
            raise

    # Frames.

    def _received(self, frame: bytes) -> Taken:
        if self._stage is Stage.REFUSED:
            raise RemoteProtocolError("The session was refused; nothing more is taken.")
        if len(frame) > FRAME_BYTES_MAX:
            raise RemoteProtocolError(
                f"A frame of {len(frame)} bytes; at most {FRAME_BYTES_MAX} are allowed."
            )
        if frame[:1] == bytes([SEALED_MARK]):
            return self._open(frame)
        kind, body = _parsed_plain(frame)
        handler = self._handlers.get((self._side, self._stage, kind))
        if handler is None:
            raise RemoteProtocolError(f"{kind.name} came while the keys are “{self._stage.value}”.")
        return handler(body)

    def _take_commit(self, body: bytes) -> Taken:
        self._commitment = body
        self._stage = Stage.REVEALED
        return Taken(send=(_plain(Plain.REVEAL, self._public + self._nonce),))

    def _take_commit_anew(self, body: bytes) -> Taken:
        """The link broke before there were keys.

        Once there are, they are renewed and never begun anew: else a server could wait until the words
        were compared and then put itself in between.
        """
        self._begin()
        return self._take_commit(body)

    def _take_agents_reveal(self, body: bytes) -> Taken:
        reveal = self._public + self._nonce
        self._make_keys(body, agent=body, viewer=reveal)
        return Taken(send=(_plain(Plain.REVEAL, reveal), self._proof()))

    def _take_viewers_reveal(self, body: bytes) -> Taken:
        if not hmac.compare_digest(commitment(body[:32], body[32:]), self._commitment):
            raise RemoteProtocolError(
                "The technician's key is not the one committed to: somebody changed it on the way."
            )
        self._make_keys(body, agent=self._public + self._nonce, viewer=body)
        return Taken(send=(self._proof(),))

    def _take_resume(self, body: bytes) -> Taken:
        pair = {self._side: self._resume_nonce, self._side.other: body}
        salt = _hash(b"resume", self._session, pair[Side.AGENT], pair[Side.VIEWER])
        self._turn_keys(self._renew_secret, salt)
        return Taken(send=(self._proof(),))

    def _take_early_resume(self, body: bytes) -> Taken:
        """The other end noticed the break first."""
        mine = self.resume()
        return Taken(send=(*mine, *self._take_resume(body).send))

    # Keys.

    def _make_keys(self, theirs: bytes, *, agent: bytes, viewer: bytes) -> None:
        if hmac.compare_digest(theirs[:32], self._public):
            raise RemoteProtocolError("The other end sent our own key back: somebody mirrors us.")
        try:
            shared = self._private.exchange(X25519PublicKey.from_public_bytes(theirs[:32]))
        except ValueError as error:
            raise RemoteProtocolError(
                "The other end's key is a degenerate one that hides nothing."
            ) from error
        salt = _hash(b"handshake", self._session, self._offer_sha256, self._commitment, agent, viewer)
        self._renew_secret = _derived(shared, salt, b"resume", KEY_BYTES)
        self._words = tuple(_derived(shared, salt, b"words", WORDS))
        self._turn_keys(shared, salt)

    def _turn_keys(self, secret: bytes, salt: bytes) -> None:
        self._transcript = salt
        self._ciphers = {s: AESGCM(_derived(secret, salt, DIRECTIONS[s], KEY_BYTES)) for s in Side}
        self._sealed_frames = 0
        self._opened_frames = 0
        self._stage = Stage.PROVING

    def _proof(self) -> bytes:
        return self._sealed(bytes([PROOF]) + self._transcript)

    def _sealed(self, plaintext: bytes) -> bytes:
        if self._sealed_frames >= COUNTER_MAX:
            raise LocalProtocolError("This key has sealed all the frames it may. Renew the keys.")
        counter = self._sealed_frames.to_bytes(COUNTER_BYTES, "big")
        nonce = DIRECTION_IDS[self._side] + counter
        ciphertext = self._ciphers[self._side].encrypt(nonce, plaintext, self._authenticated(self._side))
        self._sealed_frames += 1
        return bytes([SEALED_MARK]) + counter + ciphertext

    def _open(self, frame: bytes) -> Taken:
        if self._stage is Stage.RESUMING:
            return NOTHING  # sealed before the break; a frame of the new keys follows RESUME
        if self._stage not in (Stage.PROVING, Stage.OPEN):
            raise RemoteProtocolError(f"A sealed frame came while the keys are “{self._stage.value}”.")
        counter = int.from_bytes(frame[1 : 1 + COUNTER_BYTES], "big")
        if len(frame) < OVERHEAD_BYTES or counter != self._opened_frames:
            raise RemoteProtocolError(
                f"Frame {self._opened_frames} was due, frame {counter} came: something was repeated, "
                "left out or put in on the way."
            )
        sender = self._side.other
        nonce = DIRECTION_IDS[sender] + frame[1 : 1 + COUNTER_BYTES]
        try:
            plaintext = self._ciphers[sender].decrypt(
                nonce, frame[1 + COUNTER_BYTES :], self._authenticated(sender)
            )
        except InvalidTag as error:
            raise RemoteProtocolError(
                f"Frame {counter} is not genuine: it was changed on the way."
            ) from error
        self._opened_frames += 1
        return self._take_proof(plaintext) if self._stage is Stage.PROVING else Taken(plaintext=plaintext)

    def _take_proof(self, plaintext: bytes) -> Taken:
        if not hmac.compare_digest(plaintext, bytes([PROOF]) + self._transcript):
            raise RemoteProtocolError("The other end's first frame does not prove the same transcript.")
        self._stage = Stage.OPEN
        return NOTHING

    def _authenticated(self, sender: Side) -> bytes:
        return self._session + b"|" + DIRECTIONS[sender]


def commitment(public: bytes, nonce: bytes) -> bytes:
    """Return the hash by which the viewer binds itself to a key before it sees the agent's."""
    return hashlib.sha256(LABEL + b" commit" + public + nonce).digest()


def _hash(purpose: bytes, *parts: bytes) -> bytes:
    """SHA-256 over parts with their lengths, so that no two transcripts can read the same."""
    joined = b"".join(len(part).to_bytes(4, "big") + part for part in (LABEL, purpose, *parts))
    return hashlib.sha256(joined).digest()


def _derived(secret: bytes, salt: bytes, purpose: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, LABEL + b" " + purpose).derive(secret)


def _plain(kind: Plain, body: bytes) -> bytes:
    return bytes([PLAIN_MARK, kind]) + body


def _parsed_plain(frame: bytes) -> tuple[Plain, bytes]:
    try:
        kind = Plain(frame[1]) if frame[:1] == bytes([PLAIN_MARK]) else None
    except (IndexError, ValueError):
        kind = None
    if kind is None or len(frame) != 2 + PLAIN_BYTES[kind]:
        raise RemoteProtocolError(f"A frame of {len(frame)} bytes is no frame of this protocol.")
    return kind, frame[2:]
