"""Authlib: authorization code with PKCE through the hosted page, and everything that hangs on it."""

from urllib.parse import parse_qs, urlparse

import jwt
import pytest
import requests
from authlib.common.security import generate_token
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session

from hosted import Browser
from people import (
    ADMIN, OTHER_PASSWORD, PASSWORD, URL, Site, claims, code_sent_to, fresh, fresh_email,
)

# Nobody listens there: what is sent to the app is looked at, not followed.
REDIRECT = "http://localhost:9/callback"
OAUTH = {
    "CallbackURLs": [REDIRECT],
    "LogoutURLs": ["http://localhost:9/bye"],
    "AllowedOAuthFlows": ["code"],
    "AllowedOAuthScopes": ["openid", "email", "profile", "aws.cognito.signin.user.admin"],
    "AllowedOAuthFlowsUserPoolClient": True,
    "SupportedIdentityProviders": ["COGNITO"],
}


@pytest.fixture(scope="module", params=["public", "confidential"])
def site(request):
    site = Site(
        pool={
            "AutoVerifiedAttributes": ["email"],
            "Schema": [
                {"Name": "email", "AttributeDataType": "String", "Required": True, "Mutable": True}
            ],
        },
        client=OAUTH | {"GenerateSecret": request.param == "confidential"},
    )
    ADMIN.create_user_pool_domain(Domain=fresh("auth"), UserPoolId=site.id)
    return site


@pytest.fixture(scope="module")
def discovery(site):
    return requests.get(f"{URL}/{site.id}/.well-known/openid-configuration", timeout=10).json()


class Relying:
    """A relying party in the middle of an authorization."""

    def __init__(self, site, discovery, scope="openid email", **parameters):
        self.discovery, self.verifier, self.nonce = discovery, generate_token(48), generate_token(20)
        self.session = OAuth2Session(
            site.client_id,
            site.secret,
            token_endpoint_auth_method="client_secret_basic" if site.secret else "none",
            scope=scope,
            redirect_uri=REDIRECT,
            code_challenge_method="S256",
        )
        self.url, self.state = self.session.create_authorization_url(
            discovery["authorization_endpoint"], code_verifier=self.verifier, nonce=self.nonce, **parameters
        )
        self.browser = Browser(REDIRECT)

    def sign_in(self, name, password=PASSWORD):
        assert self.browser.open(self.url) is None
        return self.browser.submit(username=name, current_password=password)

    def redeem(self, response, **more):
        return self.session.fetch_token(
            self.discovery["token_endpoint"],
            authorization_response=response,
            **{"code_verifier": self.verifier, "state": self.state} | more,
        )


def test_discovery_names_what_is_there(site, discovery):
    assert discovery["issuer"] == f"{URL}/{site.id}"
    assert discovery["authorization_endpoint"] == f"{URL}/oauth2/authorize"
    assert discovery["token_endpoint"] == f"{URL}/oauth2/token"
    assert discovery["userinfo_endpoint"] == f"{URL}/oauth2/userInfo"
    assert discovery["revocation_endpoint"] == f"{URL}/oauth2/revoke"
    assert discovery["end_session_endpoint"] == f"{URL}/logout"
    assert discovery["code_challenge_methods_supported"] == ["S256"]
    assert discovery["authorization_response_iss_parameter_supported"] is True


def test_code_with_pkce(site, discovery):
    user = site.user(email=fresh_email(), email_verified="true")
    relying = Relying(site, discovery)
    response = relying.sign_in(user.name)
    answer = parse_qs(urlparse(response).query)
    assert answer["iss"] == [discovery["issuer"]] and answer["state"] == [relying.state]
    tokens = relying.redeem(response)
    assert tokens["token_type"] == "Bearer" and tokens["expires_in"] == 3600 and tokens["refresh_token"]
    header = jwt.get_unverified_header(tokens["id_token"])
    key = jwt.PyJWKClient(discovery["jwks_uri"]).get_signing_key(header["kid"])
    said = jwt.decode(
        tokens["id_token"], key, ["RS256"], audience=site.client_id, issuer=discovery["issuer"]
    )
    assert said["nonce"] == relying.nonce and said["at_hash"]
    assert said["email"] == user.attributes()["email"] and said["email_verified"] is True
    access = claims(tokens["access_token"])
    assert set(access["scope"].split()) == {"openid", "email"} and access["version"] == 2

    about = relying.session.get(discovery["userinfo_endpoint"]).json()
    assert about["sub"] == said["sub"] and about["email_verified"] == "true"
    assert set(about) == {"sub", "email", "email_verified", "username"}

    # A code counts once; coming twice it ends what it gave.
    with pytest.raises(OAuthError) as caught:
        relying.redeem(response)
    assert caught.value.error == "invalid_grant"
    after = requests.get(
        discovery["userinfo_endpoint"], headers={"Authorization": f"Bearer {tokens['access_token']}"}, timeout=10
    )
    assert after.status_code == 401 and "invalid_token" in after.headers["WWW-Authenticate"]


def test_refresh_and_revocation(site, discovery):
    relying = Relying(site, discovery)
    tokens = relying.redeem(relying.sign_in(site.user(email=fresh_email()).name))
    new = relying.session.refresh_token(discovery["token_endpoint"], refresh_token=tokens["refresh_token"])
    assert new["access_token"] != tokens["access_token"]
    assert claims(new["access_token"])["scope"] == claims(tokens["access_token"])["scope"]
    revoked = relying.session.revoke_token(discovery["revocation_endpoint"], token=tokens["refresh_token"])
    assert revoked.status_code == 200
    with pytest.raises(OAuthError) as caught:
        relying.session.refresh_token(discovery["token_endpoint"], refresh_token=tokens["refresh_token"])
    assert caught.value.error == "invalid_grant"


def test_the_session_answers_again_without_a_page(site, discovery):
    user = site.user(email=fresh_email())
    first = Relying(site, discovery)
    first.sign_in(user.name)
    second = Relying(site, discovery)
    second.browser.session = first.browser.session
    assert second.redeem(second.browser.open(second.url))["access_token"]
    asked = Relying(site, discovery, prompt="login")
    asked.browser.session = first.browser.session
    assert asked.browser.open(asked.url) is None
    silent = Relying(site, discovery, prompt="none")
    answer = parse_qs(urlparse(silent.browser.open(silent.url)).query)
    assert answer["error"] == ["login_required"] and answer["iss"] == [discovery["issuer"]]


def test_sign_out(site, discovery):
    user = site.user(email=fresh_email())
    relying = Relying(site, discovery)
    tokens = relying.redeem(relying.sign_in(user.name))
    browser = relying.browser
    browser.redirect_uri = "http://localhost:9/bye"
    query = requests.compat.urlencode(
        {
            "id_token_hint": tokens["id_token"],
            "post_logout_redirect_uri": "http://localhost:9/bye",
            "client_id": site.client_id,
            "state": "s",
        }
    )
    assert browser.open(f"{discovery['end_session_endpoint']}?{query}").startswith("http://localhost:9/bye")
    browser.redirect_uri = REDIRECT
    assert browser.open(relying.url) is None


def test_a_wrong_password_stays_on_the_page(site, discovery):
    user = site.user(email=fresh_email())
    relying = Relying(site, discovery)
    assert relying.sign_in(user.name, OTHER_PASSWORD) is None
    assert "do not match" in " ".join(relying.browser.page.text)
    assert relying.redeem(relying.browser.submit(username=user.name, current_password=PASSWORD))


def test_pkce_is_checked(site, discovery):
    relying = Relying(site, discovery)
    response = relying.sign_in(site.user(email=fresh_email()).name)
    with pytest.raises(OAuthError) as caught:
        relying.redeem(response, code_verifier=generate_token(48))
    assert caught.value.error == "invalid_grant"


def test_a_redirect_that_is_not_registered_is_not_followed(site, discovery):
    relying = Relying(site, discovery)
    browser = Browser("https://evil.example")
    assert browser.open(relying.url.replace("callback", "elsewhere")) is None
    assert browser.page.status == 400


def test_sign_up_through_the_pages(site, discovery):
    name, email = fresh(), fresh_email()
    relying = Relying(site, discovery)
    browser = relying.browser
    assert browser.open(relying.url.replace("/oauth2/authorize", "/signup")) is None
    browser.submit(username=name, email=email, new_password=PASSWORD)
    browser.submit(one_time_code=code_sent_to(email))
    assert ADMIN.admin_get_user(UserPoolId=site.id, Username=name)["UserStatus"] == "CONFIRMED"
