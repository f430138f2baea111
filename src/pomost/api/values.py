"""The values that go in and out: amounts as decimal strings, instants with their offset, lengths in whole seconds.

Owns their patterns and what is tried before a value is believed. Shapes of things are `shapes.py`.
"""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Final, LiteralString

from django.utils import timezone
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

INSTANT_PATTERN: Final = (
    r"^(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
    r"(?:\.[0-9]{1,6})?(?:Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])$"
)
DATE_PATTERN: Final = r"^(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])$"
AMOUNT_PATTERN: Final = r"^[0-9]{1,12}(?:\.[0-9]{1,2})?$"
SIGNED_AMOUNT_PATTERN: Final = r"^-?[0-9]+\.[0-9]{2}$"
SIGNED_GIVEN_PATTERN: Final = r"^-?[0-9]{1,12}(?:\.[0-9]{1,2})?$"
QUARTER_PATTERN: Final = r"^[0-9]{1,5}(?:\.(?:0|00|25|5|50|75))?$"
TEXT_CHARACTERS_MAX: Final = 20_000
NO_NUL: Final = r"^[^\x00]*$"


def _instant(value: object) -> object:
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str) or re.fullmatch(INSTANT_PATTERN, value, re.ASCII) is None:
        raise PydanticCustomError("instant", "RFC 3339 with an offset")
    try:
        return datetime.fromisoformat(value)
    except ValueError as error:
        raise PydanticCustomError("instant", "RFC 3339 with an offset") from error


def _day(value: object) -> object:
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or re.fullmatch(DATE_PATTERN, value, re.ASCII) is None:
        raise PydanticCustomError("day", "YYYY-MM-DD")
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise PydanticCustomError("day", "YYYY-MM-DD") from error


def _whole(value: object) -> object:
    """Take 500.0 for 500, as JSON Schema does: JSON has one kind of number."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _decimal(pattern: str, code: LiteralString) -> BeforeValidator:
    """Take a decimal string of a pattern, and nothing else."""

    def read(value: object) -> object:
        if isinstance(value, Decimal):
            return value
        if not isinstance(value, str) or re.fullmatch(pattern, value, re.ASCII) is None:
            raise PydanticCustomError(code, "a decimal string")
        return Decimal(value)

    return BeforeValidator(read)


def _schema(**told: Any) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", **told})


Instant = Annotated[
    datetime,
    BeforeValidator(_instant),
    PlainSerializer(lambda at: timezone.localtime(at).isoformat(), return_type=str),
    _schema(
        format="date-time",
        pattern=INSTANT_PATTERN,
        description="RFC 3339 with an offset; answers are in the vendor's zone.",
        examples=["2026-06-15T09:30:00+02:00"],
    ),
]
Day = Annotated[
    date,
    BeforeValidator(_day),
    PlainSerializer(lambda day: day.isoformat(), return_type=str),
    _schema(
        format="date",
        pattern=DATE_PATTERN,
        description="A day in the vendor's zone.",
        examples=["2026-06-15"],
    ),
]
AmountGiven = Annotated[
    Decimal,
    _decimal(AMOUNT_PATTERN, "amount"),
    _schema(pattern=AMOUNT_PATTERN, description="A decimal string, net.", examples=["600.00"]),
]
SignedAmountGiven = Annotated[
    Decimal,
    _decimal(SIGNED_GIVEN_PATTERN, "amount"),
    _schema(pattern=SIGNED_GIVEN_PATTERN, description="A decimal string.", examples=["-12.50"]),
]
QuarterGiven = Annotated[
    Decimal,
    _decimal(QUARTER_PATTERN, "quarter"),
    _schema(pattern=QUARTER_PATTERN, description="A decimal string, in quarters.", examples=["2.5"]),
]
Amount = Annotated[
    Decimal,
    PlainSerializer(lambda amount: format(amount, ".2f"), return_type=str),
    _schema(
        pattern=SIGNED_AMOUNT_PATTERN, description="A decimal string with two digits.", examples=["492.00"]
    ),
]
Number = Annotated[
    Decimal,
    PlainSerializer(lambda number: format(number.normalize(), "f"), return_type=str),
    _schema(pattern=r"^-?[0-9]+(\.[0-9]+)?$", description="A decimal string.", examples=["1.5"]),
]
Seconds = Annotated[int, Field(ge=0, description="Whole seconds.", examples=[3600])]
Key = Annotated[str, Field(max_length=60, pattern=NO_NUL, description="A key of the vendor's terms.")]
Line = Annotated[str, Field(min_length=1, max_length=200, pattern=NO_NUL)]
Words = Annotated[str, Field(min_length=1, max_length=TEXT_CHARACTERS_MAX, pattern=NO_NUL)]
Id = Annotated[int, Field(ge=1, le=2**63 - 1), BeforeValidator(_whole)]


def whole(least: int, most: int) -> tuple[Any, Any]:
    """Return what makes an annotated int a whole number between two others."""
    return Field(ge=least, le=most), BeforeValidator(_whole)


class Given(BaseModel):
    """What a program sends. Nothing is guessed: an unknown field or another type is an error."""

    model_config = ConfigDict(strict=True, extra="forbid")


class Told(BaseModel):
    """What the desk answers."""

    model_config = ConfigDict(frozen=True)
