"""The vendor's terms as a program reads them: what is in force, every version, and what they say to one request.

Nothing is decided here: a decision is rules/entitlement.py's, a price rules/pricing.py's, both by the version of the day.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from ninja import Path, Router
from pydantic import Field

from pomost.api.guard import READ, TERMS
from pomost.api.named import named_in_body, term
from pomost.api.once import changes
from pomost.api.problems import FieldError, Invalid
from pomost.api.requests import ApiRequest, actor
from pomost.api.shapes import BillTold, ClauseTold, DecisionTold, bill_told, clause_told, decision_told
from pomost.api.values import Day, Given, Id, Instant, Key, Told, whole
from pomost.contracts.actions import publish_terms
from pomost.contracts.calendars import CalendarBook
from pomost.contracts.errors import TermsRefused
from pomost.contracts.models import TermsVersion
from pomost.contracts.queries import local_day, terms_in_force
from pomost.people import access
from pomost.people.errors import NotFound
from pomost.rules.entitlement import decide
from pomost.rules.explain import Statement, Value, explain
from pomost.rules.money import Money
from pomost.rules.pricing import NoPrice, bill_work
from pomost.rules.terms.model import Terms, said
from pomost.tickets.judgement import claim_of
from pomost.ui.terms.problem_words import problem_words

router = Router(tags=["Terms"])
TOML_CHARACTERS_MAX = 500_000


class Named(Told):
    """Something that the terms name."""

    key: str
    name: str = Field(description="In the language of the answer.")
    clause: str = Field(description="Key of the clause that it rests on; empty where none is named.")


class ServiceTold(Named):
    """A service of the terms, with what the matrix says of it in each package."""

    level: str = Field(description="How far a session about it may go.", examples=["act"])
    channels: list[str]
    families: list[str] = Field(description="Keys of the products that it asks for; empty: it asks for none.")
    packages: dict[str, str] = Field(description="Cell of the matrix by package.", examples=[{"basic": "no"}])
    parts: list[str] = Field(description="Keys of what a request for it must carry.")


class VersionTold(Told):
    """One version of the terms."""

    version: str
    valid_from: Day
    sha256: str = Field(description="Of the file's text in UTF-8.")
    published_at: Instant


class VersionText(VersionTold):
    """One version of the terms with its text."""

    text: str = Field(description="The TOML file, byte for byte.")


class VersionList(Told):
    """All versions, the newest first."""

    items: list[VersionTold]


class TermsTold(VersionTold):
    """The terms in force, as far as a request needs them."""

    title: str
    currency: str
    zone: str
    packages: list[Named]
    services: list[ServiceTold]
    severities: list[Named]
    families: list[Named]
    parts: list[Named]
    clauses: list[ClauseTold]


class TermsGiven(Given):
    """A terms file to publish."""

    text: Annotated[str, Field(min_length=1, max_length=TOML_CHARACTERS_MAX)] = Field(
        description="The TOML file. Its own dates say from which day it holds."
    )


class RequestThought(Given):
    """A request that nobody makes yet."""

    service: Key
    package: Key | None = Field(None, description="Package that the customer names.")
    package_shown: bool = Field(True, description="Could the customer show it?")
    customer: Id | None = Field(None, description="Whose contract counts, where no package is named.")
    severity: Key | None = None
    family: Key | None = None
    product_version: Literal["current", "outdated"] = "current"
    at: Instant | None = Field(None, description="When it would be received; left out: now.")


class StatementTold(Told):
    """One thing that would happen."""

    topic: str = Field(examples=["clocks"])
    message: str = Field(examples=["clock.due"])
    clause: ClauseTold | None
    values: dict[str, Any] = Field(
        description="What the statement names: lengths in seconds, instants as RFC 3339, amounts with their currency.",
        examples=[{"promise": "Reaction", "amount": 3600, "due": "2026-06-15T09:30:00+02:00"}],
    )


class ExplanationTold(Told):
    """What the terms say to a request, and everything that would follow."""

    decision: DecisionTold
    level: str = Field(description="How far a session may go: none, look, point, act, change-many.")
    statements: list[StatementTold]


class PriceGiven(Given):
    """Some work to price."""

    service: Key
    package: Key | None = None
    family: Key | None = None
    worked_seconds: Annotated[int, *whole(0, 366 * 86400)]
    on: Day | None = Field(None, description="The day whose prices count; left out: today.")
    estimate: Literal["none", "proposed", "accepted", "declined"] = Field(
        "none", description="How the customer answered an estimate."
    )
    fees_paid: Annotated[list[Key], Field(max_length=50)] = Field(
        default_factory=list, description="Keys of one-off fees that the customer has paid before."
    )


@router.get(
    "/terms", response=TermsTold, auth=READ, operation_id="getTerms", summary="Read the terms in force"
)
def get_terms(request: ApiRequest) -> TermsTold:
    """Everything that a request can be made of: packages, services, severities, products, with their clauses."""
    version, terms = terms_in_force(request.vendor, local_day(request.vendor, request.now))
    speak = request.spoken

    def names(things: Iterable[Any]) -> list[Named]:
        return [
            Named(key=each.id, name=said(each.name, speak), clause=getattr(each, "clause", ""))
            for each in things
        ]

    return TermsTold(
        **about(version),
        title=said(terms.title, speak),
        currency=terms.vendor.currency,
        zone=terms.vendor.zone,
        packages=names(terms.packages),
        services=[
            ServiceTold(
                key=each.id,
                name=said(each.name, speak),
                clause=each.clause,
                level=each.level.word,
                channels=[channel.value for channel in each.channels],
                families=list(each.families),
                packages={package: cell.value for package, cell in terms.row(each.id).cells.items()},
                parts=[part.id for part in terms.parts_for(each.id)],
            )
            for each in terms.services
        ],
        severities=names(terms.severities),
        families=names(terms.families),
        parts=names(terms.parts),
        clauses=[clause_told(terms, each.id, speak) for each in terms.clauses],
    )


@router.get(
    "/terms/versions",
    response=VersionList,
    auth=READ,
    operation_id="listTermsVersions",
    summary="List the versions of the terms",
)
def list_versions(request: ApiRequest) -> VersionList:
    """All that were ever published, the newest first."""
    found = TermsVersion.objects.filter(vendor=request.vendor).defer("text").order_by("-valid_from")
    return VersionList(items=[VersionTold(**about(each)) for each in found])


@router.get(
    "/terms/versions/{version}",
    response=VersionText,
    auth=READ,
    operation_id="getTermsVersion",
    summary="Read one version of the terms",
)
def get_version(
    request: ApiRequest, version: Path[Annotated[str, Field(max_length=40, pattern=r"^[^\x00]*$")]]
) -> VersionText:
    """The text as it was published, byte for byte."""
    found = TermsVersion.objects.filter(vendor=request.vendor, version=version).first()
    if found is None:
        raise NotFound(_("There is no version %(version)s of the terms here.") % {"version": version})
    return VersionText(**about(found), text=found.text)


@router.post(
    "/terms/versions",
    response={201: VersionTold},
    auth=TERMS,
    operation_id="publishTerms",
    summary="Publish a version of the terms",
)
@changes(201)
def publish(request: ApiRequest, given: TermsGiven) -> VersionTold:
    """The file's own date says from when it holds. What is wrong with it comes back with lines, all of it at once."""
    try:
        version = publish_terms(request.vendor, given.text, by=actor(request), at=request.now)
    except TermsRefused as refused:
        raise invalid(refused) from refused
    return VersionTold(**about(version))


@router.post(
    "/decisions",
    response=ExplanationTold,
    auth=READ,
    operation_id="decide",
    summary="Ask what the terms say to a request",
)
@changes()
def make_decision(request: ApiRequest, given: RequestThought) -> ExplanationTold:
    """Included, counted, paid, refused or left to a person, each with its clause; then clocks, gates and prices."""
    at = given.at or request.now
    day = local_day(request.vendor, at)
    _version, terms = terms_in_force(request.vendor, day)
    package, shown = given.package, given.package_shown
    if package is None and given.customer is not None:
        customer = named_in_body("customer", lambda key: access.customer(request.auth, key), given.customer)
        claim = claim_of(customer, day, "")
        package, shown = claim.package or None, claim.is_shown
    _known(terms, given)
    if terms.severities and given.severity is None and package is not None:
        raise Invalid(
            FieldError("body", "severity", "missing", _("The promised time depends on it: give one."))
        )
    verdict = decide(terms, package, shown, given.service, given.product_version, family=given.family, on=day)
    try:
        statements = explain(
            CalendarBook.of(request.vendor.pk).applied_to(terms),
            service=given.service,
            package=package,
            package_shown=shown,
            severity=given.severity,
            family=given.family,
            version=given.product_version,
            at=at,
        )
    except ValueError as error:
        raise Invalid(FieldError("body", "severity", "missing", str(error))) from error
    return ExplanationTold(
        decision=decision_told(terms, verdict.decision, request.spoken),
        level=verdict.level.word,
        statements=[_statement(each, terms, request.spoken) for each in statements],
    )


@router.post(
    "/prices", response=BillTold, auth=READ, operation_id="priceWork", summary="Ask what some work would cost"
)
@changes()
def price(request: ApiRequest, given: PriceGiven) -> BillTold:
    """By the price list of the day: fees, then the work, each line with its clause; net, VAT and gross."""
    day = given.on or local_day(request.vendor, request.now)
    _version, terms = terms_in_force(request.vendor, day)
    for field, look in (("service", terms.service), ("package", terms.package), ("family", terms.family)):
        term(field, look, getattr(given, field))
    try:
        bill = bill_work(
            terms,
            day,
            given.worked_seconds,
            service=given.service,
            package=given.package,
            family=given.family,
            fees_paid=given.fees_paid,
            estimate=given.estimate,
        )
    except NoPrice as unknown:
        raise Invalid(FieldError("body", "service", "no-price", str(unknown))) from unknown
    return bill_told(terms, bill, request.spoken)


def invalid(refused: TermsRefused) -> Exception:
    """Return what a refused text is answered with: each problem with its line, or the refusal itself."""
    if not refused.problems:
        return refused
    return Invalid(
        *(
            FieldError(
                "body", f"text:{each.line or 0}", each.key or "terms", problem_words(each.what, each.do)
            )
            for each in refused.problems
        )
    )


def about(version: TermsVersion) -> dict[str, Any]:
    """Return the fields of a version."""
    return {
        "version": version.version,
        "valid_from": version.valid_from,
        "sha256": version.sha256,
        "published_at": version.published_at,
    }


def _known(terms: Terms, given: RequestThought) -> None:
    """Refuse keys that the terms do not know, each by its field."""
    for field, look in (
        ("service", terms.service),
        ("package", terms.package),
        ("severity", terms.severity),
        ("family", terms.family),
    ):
        term(field, look, getattr(given, field))


def _statement(statement: Statement, terms: Terms, language: str) -> StatementTold:
    return StatementTold(
        topic=statement.topic.value,
        message=statement.message,
        clause=clause_told(terms, statement.clause, language) if statement.clause else None,
        values={name: _value(value, language) for name, value in statement.values.items()},
    )


def _value(value: Value, language: str) -> object:
    if isinstance(value, timedelta):
        return int(value.total_seconds())
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Money):
        return {"amount": format(value.amount, ".2f"), "currency": value.currency}
    if isinstance(value, str | int):
        return value
    if isinstance(value, tuple):
        return list(value)
    return said(value, language)
