"""Tokens given and tokens asked about."""

from sandbox.shapes.values import MOMENT, NULLS, OAS, TEXT, WHOLE, Field, Listed, Shape, unsent, word

NO_REFRESH = "client credentials have no refresh token: A §2.4"

GIVEN = Shape("a token given", "OAuthTokenForGrantTypesObject", {
    "access_token": Field(TEXT, OAS),
    "token_type": Field(word("bearer"), OAS),
    "scope": Field(TEXT, OAS),
    "expires_in": Field(WHOLE, OAS, null=True, differs=NULLS),
}, unsent=unsent(NO_REFRESH, "refresh_token", "refresh_token_expires_in"))  # fmt: skip

TOKEN = Shape("token", "OauthTokenObject", {
    "url": Field(TEXT, OAS),
    "id": Field(WHOLE, OAS),
    "user_id": Field(WHOLE, OAS),
    "client_id": Field(WHOLE, OAS, null=True, differs=NULLS),
    "token": Field(TEXT, OAS),
    "refresh_token": Field(TEXT, OAS, null=True, differs=NO_REFRESH),
    "scopes": Field(Listed(TEXT), OAS),
    "created_at": Field(MOMENT, OAS, null=True, differs=NULLS),
    "expires_at": Field(MOMENT, OAS, null=True, differs=NULLS),
    "used_at": Field(MOMENT, OAS, null=True, differs=NULLS),
    "refresh_token_expires_at": Field(MOMENT, OAS, null=True, differs=NO_REFRESH),
})  # fmt: skip

CURRENT = Shape("one's own token", "OAuthTokenResponse", {"token": Field(TOKEN, OAS)})
