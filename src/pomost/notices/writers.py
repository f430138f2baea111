"""Which facts are told by mail: to the contact of the request, to another contact or the staff that the fact names."""

from collections.abc import Mapping
from typing import Final

from pomost.notices.booking_letters import BOOKING_STAFF_WRITERS, BOOKING_WRITERS
from pomost.notices.file_letters import FILE_WRITERS
from pomost.notices.letters import WRITERS, Writer
from pomost.notices.restriction_letters import (
    APPELLANT_WRITERS,
    RESTRICTION_STAFF_WRITERS,
    RESTRICTION_WRITERS,
)
from pomost.notices.staff_letters import STAFF_WRITERS
from pomost.notices.visit_letters import VISIT_STAFF_WRITERS, VISIT_WRITERS

TO_CONTACTS: Final[Mapping[str, tuple[str, Writer]]] = {
    **WRITERS,
    **BOOKING_WRITERS,
    **RESTRICTION_WRITERS,
    **VISIT_WRITERS,
    **FILE_WRITERS,
}
TO_NAMED_CONTACTS: Final[Mapping[str, tuple[str, Writer]]] = APPELLANT_WRITERS
TO_STAFF: Final[Mapping[str, tuple[str, Writer]]] = {
    **STAFF_WRITERS,
    **BOOKING_STAFF_WRITERS,
    **RESTRICTION_STAFF_WRITERS,
    **VISIT_STAFF_WRITERS,
}
