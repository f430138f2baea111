"""What is wrong with a value, in the reader's language: from the checker's codes to sentences and back to the field."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pomost.api.problems import FieldError

Context = Mapping[str, Any]


def _few(context: Context) -> str:
    return _("Give at least %(count)d of them.") % {"count": context["min_length"]}


def _many(context: Context) -> str:
    return _("Give at most %(count)d of them.") % {"count": context["max_length"]}


def _short(context: Context) -> str:
    least = int(context["min_length"])
    return ngettext("Write at least %(count)d character.", "Write at least %(count)d characters.", least) % {
        "count": least
    }


def _long(context: Context) -> str:
    most = int(context["max_length"])
    return ngettext("At most %(count)d character fits.", "At most %(count)d characters fit.", most) % {
        "count": most
    }


SENTENCES: Final[Mapping[str, Callable[[Context], str]]] = {
    "missing": lambda _c: _("This is missing."),
    "extra_forbidden": lambda _c: _("There is no such field here."),
    "string_type": lambda _c: _("This has to be text."),
    "string_unicode": lambda _c: _("This is not text in UTF-8."),
    "string_too_short": _short,
    "string_too_long": _long,
    "string_pattern_mismatch": lambda _c: _("This does not have the form that is asked for."),
    "int_type": lambda _c: _("This has to be a whole number."),
    "int_parsing": lambda _c: _("This has to be a whole number."),
    "int_from_float": lambda _c: _("This has to be a whole number."),
    "int_parsing_size": lambda _c: _("This number is too large."),
    "bool_type": lambda _c: _("This has to be true or false."),
    "bool_parsing": lambda _c: _("This has to be true or false."),
    "list_type": lambda _c: _("This has to be a list."),
    "dict_type": lambda _c: _("This has to be an object."),
    "model_type": lambda _c: _("This has to be an object."),
    "model_attributes_type": lambda _c: _("This has to be an object."),
    "too_short": _few,
    "too_long": _many,
    "greater_than": lambda c: _("This has to be more than %(least)s.") % {"least": c["gt"]},
    "greater_than_equal": lambda c: _("This has to be at least %(least)s.") % {"least": c["ge"]},
    "less_than_equal": lambda c: _("This may be at most %(most)s.") % {"most": c["le"]},
    "literal_error": lambda c: _("This has to be one of: %(values)s.") % {"values": c["expected"]},
    "instant": lambda _c: _("Write a moment with its offset, like 2026-06-15T09:30:00+02:00."),
    "day": lambda _c: _("Write a day like 2026-06-15."),
    "amount": lambda _c: _("Write an amount as text, like “600.00”."),
    "quarter": lambda _c: _("Write an amount in quarters as text, like “2.5”."),
    "enum": lambda c: _("This has to be one of: %(values)s.") % {"values": c["expected"]},
}


def told_of(error: Mapping[str, Any]) -> FieldError:
    """Return a fault that the checker found, by its field and in the active language."""
    where, *way = (str(step) for step in error["loc"])
    if (where == "body" and way) or (where == "query" and way[0] == "page" and len(way) > 1):
        way = way[1:]  # the name of the operation's own argument
    code = str(error["type"])
    sentence = SENTENCES.get(code)
    detail = sentence(error.get("ctx") or {}) if sentence else _("This value does not fit.")
    return FieldError(where, ".".join(way), code.replace("_", "-"), detail)
