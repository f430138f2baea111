"""One delivery carried to the address and the answer brought back: HTTP with a limit on everything.

No redirect is followed (it would lead past addresses.py), no proxy is asked, no body of the answer is kept beyond its
beginning, and the whole exchange has one time limit, however slowly the other side drips.
"""

import asyncio
from dataclasses import dataclass
from typing import Final

import httpx
from django.conf import settings
from django.utils import translation

from pomost.webhooks.addresses import NotCalled, judge, resolve, target_of

TIME_LIMIT_SECONDS: Final = 10
ANSWER_BYTES_MAX: Final = 200
ERROR_CHARACTERS_MAX: Final = 300


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is to be sent."""

    delivery: int
    """Key of the delivery's row."""
    url: str
    language: str
    """In which what goes wrong is said: the vendor's."""
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int | None
    """None: no answer came."""
    words: str
    """The beginning of the answer, or why there is none."""

    @property
    def is_taken(self) -> bool:
        """The other side has it."""
        return self.status is not None and 200 <= self.status < 300


def carry_all(parcels: list[Parcel]) -> list[Answer]:
    """Send all parcels at once; return their answers in the same order. Takes no longer than the time limit."""
    return asyncio.run(_all(parcels))


async def _all(parcels: list[Parcel]) -> list[Answer]:
    limits = httpx.Limits(max_connections=len(parcels), max_keepalive_connections=0)
    timeout = httpx.Timeout(TIME_LIMIT_SECONDS)
    async with httpx.AsyncClient(
        limits=limits, timeout=timeout, follow_redirects=False, trust_env=False
    ) as client:
        return list(await asyncio.gather(*(_carry(client, parcel) for parcel in parcels)))


async def _carry(client: httpx.AsyncClient, parcel: Parcel) -> Answer:
    with translation.override(parcel.language):
        return await _carry_in_words(client, parcel)


async def _carry_in_words(client: httpx.AsyncClient, parcel: Parcel) -> Answer:
    try:
        async with asyncio.timeout(TIME_LIMIT_SECONDS):
            target = target_of(parcel.url)
            address = judge(target, await resolve(target), settings.WEBHOOK_NETWORKS)
            request = client.build_request(
                "POST",
                target.at(address),
                content=parcel.body,
                headers={**parcel.headers, "host": target.host_header},
                extensions={"sni_hostname": target.host},
            )
            answer = await client.send(request, stream=True)
            try:
                words = await _beginning(answer)
            finally:
                await answer.aclose()
            return Answer(answer.status_code, _line(words))
    except NotCalled as refused:
        return Answer(None, _line(str(refused)))
    except TimeoutError:
        return Answer(None, f"no answer within {TIME_LIMIT_SECONDS} s")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return Answer(None, _line(f"{type(error).__name__}: {error}"))


async def _beginning(answer: httpx.Response) -> str:
    """Return the first bytes of an answer as they came, decoded as far as they are text."""
    read = b""
    async for chunk in answer.aiter_raw(ANSWER_BYTES_MAX):
        read += chunk
        if len(read) >= ANSWER_BYTES_MAX:
            break
    return read[:ANSWER_BYTES_MAX].decode("utf-8", "replace")


def _line(text: str) -> str:
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(printable.split())[:ERROR_CHARACTERS_MAX]
