"""Reads about people that more than one page shares."""

from collections.abc import Iterable

from django.db.models import Case, IntegerField, Value, When

from pomost.people.models import Contact, Customer, Person, Technician, Token, Vendor

ORDER_OF_PRESENCE = (
    Technician.Presence.FREE,
    Technician.Presence.CALL,
    Technician.Presence.BUSY,
    Technician.Presence.OFF,
)


def on_call(vendor: Vendor) -> list[Technician]:
    """Return the technicians that a customer may call: who can help first, then by name."""
    rank = Case(
        *(When(presence=presence, then=Value(place)) for place, presence in enumerate(ORDER_OF_PRESENCE)),
        output_field=IntegerField(),
    )
    return list(
        Technician.objects.select_related("person")
        .filter(vendor=vendor, takes_calls=True, person__is_active=True)
        .order_by(rank, "person__name")
    )


def places(person: Person) -> tuple[list[Technician], list[Contact]]:
    """Return where a person works and where they are a customer, for the choice of a desk after sign-in."""
    works = Technician.objects.select_related("vendor").filter(person=person).order_by("vendor__name")
    asks = (
        Contact.objects.select_related("customer__vendor")
        .filter(person=person)
        .order_by("customer__vendor__name")
    )
    return list(works), list(asks)


def contacts(customer: Customer) -> list[Contact]:
    """Return the contacts of a customer by name."""
    return list(Contact.objects.filter(customer=customer).order_by("name"))


def names_of(actors: set[str], *, known: Iterable[Technician | Contact] = ()) -> dict[str, str]:
    """Return the names behind many actors in at most three queries; words of the desk itself stand for themselves.

    `known` are people whom the caller has read already, technicians with their persons: nobody asks for them again.
    """
    names = {actor: actor for actor in actors}
    for each in known:
        if isinstance(each, Contact):
            names[f"contact:{each.pk}"] = each.name
        else:
            names[f"technician:{each.pk}"] = each.person.name
    unknown = {actor for actor in actors if names[actor] == actor}
    technicians = _keys(unknown, "technician")
    contacts_asked = _keys(unknown, "contact")
    tokens = _keys(unknown, "token")
    if technicians:
        for pk, name in Technician.objects.filter(pk__in=technicians).values_list("pk", "person__name"):
            names[f"technician:{pk}"] = name
    if contacts_asked:
        for pk, name in Contact.objects.filter(pk__in=contacts_asked).values_list("pk", "name"):
            names[f"contact:{pk}"] = name
    if tokens:
        for pk, name in Token.objects.filter(pk__in=tokens).values_list("pk", "name"):
            names[f"token:{pk}"] = name
    return names


def _keys(actors: set[str], kind: str) -> set[int]:
    return {int(actor.partition(":")[2]) for actor in actors if actor.startswith(f"{kind}:")}
