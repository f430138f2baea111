"""The owner makes and revokes tokens, and says which facts are sent where."""

import re

from django.test import Client

from console.scene import HOME, NOW, SignIn, page, post
from people import Cast, by
from pomost.people.models import Token
from pomost.webhooks import actions
from pomost.webhooks.models import Delivery, Subscription
from pomost.webhooks.sender import run_once

SECRET = re.compile(r"whsec_[\w+/]{43}=")
TOKEN = re.compile(r"pomost_[0-9a-f]{10}_[\w-]{43}")


def hook(desk: Cast) -> Subscription:
    made, _secret = actions.subscribe(
        owner=desk.owen, url="https://example.org/hook", by=by(desk.owen), at=NOW
    )
    return made


def test_a_token_is_shown_once_and_opens_the_api(owen: Client) -> None:
    html = post(owen, "programs/tokens/new/", status=200, name="CRM", scopes=["read"], days="365")
    (written,) = TOKEN.findall(html)

    assert "CRM" in page(owen, "programs/")
    assert TOKEN.findall(page(owen, "programs/")) == []
    answer = Client().get("/centaur/api/v1/me", headers={"Authorization": f"Bearer {written}"})
    assert (answer.status_code, answer.json()["name"]) == (200, "CRM")


def test_the_answer_with_the_token_is_kept_by_no_cache(owen: Client) -> None:
    answer = owen.post(HOME + "programs/tokens/new/", {"name": "CRM", "scopes": ["read"], "days": "0"})

    assert answer["Cache-Control"] == "no-store"


def test_a_revoked_token_opens_nothing(owen: Client) -> None:
    html = post(owen, "programs/tokens/new/", status=200, name="CRM", scopes=["read"], days="0")
    (written,) = TOKEN.findall(html)
    post(owen, f"programs/tokens/{Token.objects.get().pk}/revoke/")

    answer = Client().get("/centaur/api/v1/me", headers={"Authorization": f"Bearer {written}"})

    assert answer.status_code == 401
    assert "revoked" in page(owen, "programs/")


def test_what_is_missing_or_taken_is_said_beside_the_form(owen: Client) -> None:
    assert "Choose what it may do." in post(owen, "programs/tokens/new/", status=422, name="CRM", days="0")
    post(owen, "programs/tokens/new/", status=200, name="CRM", scopes=["read"], days="0")

    again = post(owen, "programs/tokens/new/", status=409, name="CRM", scopes=["read"], days="0")

    assert "Revoke that one first" in again
    assert Token.objects.count() == 1


def test_only_the_owner_is_led_there(desk: Cast, owen: Client, sign_in: SignIn) -> None:
    assert f'href="{HOME}programs/"' in page(owen, "")
    assert f'href="{HOME}programs/"' not in page(sign_in(desk.bela), "")


def test_a_webhook_is_added_pinged_and_removed(owen: Client) -> None:
    html = post(
        owen,
        "programs/webhooks/new/",
        status=200,
        url="https://example.org/hook",
        kinds="ticket.*\r\ninvoice.issued",
    )
    made = Subscription.objects.get()

    assert made.kinds == ["ticket.*", "invoice.issued"]
    assert len(SECRET.findall(html)) == 1
    assert SECRET.findall(page(owen, f"programs/webhooks/{made.pk}/")) == []
    assert "https://example.org/hook" in page(owen, "programs/")

    post(owen, f"programs/webhooks/{made.pk}/ping/")
    post(owen, f"programs/webhooks/{made.pk}/remove/")

    page(owen, f"programs/webhooks/{made.pk}/", status=404)
    assert "No webhook yet." in page(owen, "programs/")


def test_a_new_secret_is_shown_once_and_says_how_long_the_old_one_signs_along(
    desk: Cast, owen: Client
) -> None:
    made = hook(desk)

    first = post(owen, f"programs/webhooks/{made.pk}/secret/", status=200, old="keep")
    assert "The old secret signs along until" in first
    assert "signs along until" in page(owen, f"programs/webhooks/{made.pk}/")
    second = post(owen, f"programs/webhooks/{made.pk}/secret/", status=200, old="end")

    assert SECRET.findall(first) != SECRET.findall(second)
    assert (len(SECRET.findall(first)), len(SECRET.findall(second))) == (1, 1)
    assert SECRET.findall(page(owen, f"programs/webhooks/{made.pk}/")) == []
    assert "signs along until" not in page(owen, f"programs/webhooks/{made.pk}/")


def test_an_address_inside_is_refused_with_its_reason(owen: Client) -> None:
    html = post(owen, "programs/webhooks/new/", status=409, url="https://169.254.169.254/latest/", kinds="")

    assert "not a public address" in html
    assert not Subscription.objects.exists()


def test_what_was_given_up_stands_on_the_owners_page_and_can_be_sent_again(desk: Cast, owen: Client) -> None:
    made = hook(desk)
    actions.ping(made, by=by(desk.owen), at=NOW)
    Subscription.objects.filter(pk=made.pk).update(url="https://[::1]/hook")
    run_once(NOW)
    delivery = Delivery.objects.get()
    assert delivery.last_error.startswith("::1 ведёт на ::1")
    Delivery.objects.update(state=Delivery.State.FAILED, next_try_at=None)

    assert "1 given up" in page(owen, "programs/")
    html = page(owen, f"programs/webhooks/{made.pk}/")
    assert delivery.webhook_id in html
    assert "::1 ведёт на ::1" in html

    post(owen, f"programs/deliveries/{delivery.pk}/again/")

    assert Delivery.objects.get().state == Delivery.State.WAITING


def test_a_webhook_that_was_switched_off_says_so_and_is_switched_on(desk: Cast, owen: Client) -> None:
    made = hook(desk)
    Subscription.objects.filter(pk=made.pk).update(off_since=NOW)

    assert "wants no more" in page(owen, f"programs/webhooks/{made.pk}/")
    assert "switched off" in post(owen, f"programs/webhooks/{made.pk}/ping/", status=409)

    post(owen, f"programs/webhooks/{made.pk}/on/")

    assert Subscription.objects.get().off_since is None


def test_what_the_other_side_answered_is_shown_as_text(desk: Cast, owen: Client) -> None:
    made = hook(desk)
    actions.ping(made, by=by(desk.owen), at=NOW)
    Subscription.objects.filter(pk=made.pk).update(url="https://[::1]/hook")
    run_once(NOW)
    Delivery.objects.update(last_error="<script>alert(1)</script>")

    assert "<script>alert(1)" not in page(owen, f"programs/webhooks/{made.pk}/")
