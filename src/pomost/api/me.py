"""Who the token is, for a program that checks its settings."""

from ninja import Router
from pydantic import Field

from pomost.api.guard import Bearer
from pomost.api.requests import ApiRequest
from pomost.api.values import Instant, Told

router = Router(tags=["Token"])


class TokenTold(Told):
    """The token that asks."""

    id: int
    name: str
    prefix: str = Field(description="The part of it that may be shown.")
    scopes: list[str] = Field(examples=[["read", "write"]])
    expires_at: Instant | None = Field(description="Null: never.")
    vendor: str = Field(description="The desk that it opens.")
    now: Instant = Field(description="The desk's time.")


@router.get(
    "/me",
    response=TokenTold,
    auth=Bearer("read"),
    operation_id="getToken",
    summary="Read which token this is",
)
def get_me(request: ApiRequest) -> TokenTold:
    """The token, what it may do, and the desk's time."""
    token = request.auth
    return TokenTold(
        id=token.pk,
        name=token.name,
        prefix=token.prefix,
        scopes=token.scopes,
        expires_at=token.expires_at,
        vendor=request.vendor.slug,
        now=request.now,
    )
