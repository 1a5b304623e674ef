"""Staying signed in and signing out: refresh, rotation, revocation."""

import pytest

from people import ADMIN, APP, PASSWORD, Site, claims, fresh, refused

REVOKED = "Refresh Token has been revoked"


@pytest.fixture(scope="module")
def site():
    return Site()


def refresh(site, token, client=None):
    return site.start("REFRESH_TOKEN_AUTH", client, REFRESH_TOKEN=token)["AuthenticationResult"]


def exchange(site, token, client=None, **more):
    answer = APP.get_tokens_from_refresh_token(
        RefreshToken=token, ClientId=client or site.client_id, **more
    )
    return answer["AuthenticationResult"]


def test_refresh(site):
    user = site.user()
    tokens = user.sign_in()
    new = refresh(site, tokens["RefreshToken"])
    assert set(new) == {"AccessToken", "IdToken", "ExpiresIn", "TokenType"}
    old_claims, new_claims = claims(tokens["AccessToken"]), claims(new["AccessToken"])
    for name in ("auth_time", "origin_jti", "sub", "event_id"):
        assert new_claims[name] == old_claims[name], name
    assert new_claims["jti"] != old_claims["jti"]
    assert APP.get_user(AccessToken=new["AccessToken"])["Username"] == user.name
    again = exchange(site, tokens["RefreshToken"])
    assert "RefreshToken" not in again
    older = APP.initiate_auth(
        AuthFlow="REFRESH_TOKEN",
        ClientId=site.client_id,
        AuthParameters={"REFRESH_TOKEN": tokens["RefreshToken"]},
    )
    assert older["AuthenticationResult"]["IdToken"]


def test_an_administrator_refreshes(site):
    answer = ADMIN.admin_initiate_auth(
        UserPoolId=site.id,
        ClientId=site.client_id,
        AuthFlow="REFRESH_TOKEN_AUTH",
        AuthParameters={"REFRESH_TOKEN": site.user().sign_in()["RefreshToken"]},
    )
    assert answer["AuthenticationResult"]["AccessToken"]


def test_a_refresh_reads_the_user_again(site):
    user = site.user()
    tokens = user.sign_in()
    group = fresh("group")
    ADMIN.create_group(UserPoolId=site.id, GroupName=group)
    ADMIN.admin_add_user_to_group(**user.key, GroupName=group)
    assert claims(refresh(site, tokens["RefreshToken"])["AccessToken"])["cognito:groups"] == [group]


def test_what_is_no_refresh_token_of_this_client(site):
    tokens = site.user().sign_in()
    other = site.add_client()["ClientId"]
    for token, client in (
        ("rubbish", None),
        (tokens["AccessToken"], None),
        (tokens["RefreshToken"], other),
        (tokens["RefreshToken"][:-4] + "AAAA", None),
    ):
        with refused("NotAuthorizedException", "Invalid Refresh Token."):
            refresh(site, token, client)
        with refused("NotAuthorizedException", "Invalid Refresh Token."):
            exchange(site, token, client)


def test_refresh_with_a_secret():
    site = Site(client={"GenerateSecret": True})
    user = site.user()
    token = user.sign_in()["RefreshToken"]
    with refused("NotAuthorizedException"):
        refresh(site, token)
    answer = site.start("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=token, SECRET_HASH=site.hash(user.name))
    assert answer["AuthenticationResult"]["AccessToken"]
    with refused("NotAuthorizedException"):
        exchange(site, token)
    with refused("NotAuthorizedException"):
        exchange(site, token, ClientSecret="w" * 51)
    assert exchange(site, token, ClientSecret=site.secret)["AccessToken"]


def rotating(grace):
    return Site(
        client={
            "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"],
            "RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": grace},
        }
    )


def test_rotation_replaces_the_refresh_token():
    site = rotating(grace=0)
    first = site.user().sign_in()["RefreshToken"]
    with refused("InvalidParameterException", "Auth flow not enabled for this client"):
        refresh(site, first)
    second = exchange(site, first)["RefreshToken"]
    third = exchange(site, second)["RefreshToken"]
    assert len({first, second, third}) == 3
    for old in (first, second):
        with refused("RefreshTokenReuseException"):
            exchange(site, old)


def test_rotation_forgives_a_retry_within_the_grace_period():
    site = rotating(grace=60)
    first = site.user().sign_in()["RefreshToken"]
    second = exchange(site, first)["RefreshToken"]
    assert exchange(site, first)["RefreshToken"]
    assert exchange(site, second)["RefreshToken"]


def test_rotation_excludes_the_old_refresh_flow():
    with refused("InvalidParameterException"):
        Site(
            client={
                "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"],
                "RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 0},
            }
        )


def test_revocation_ends_one_session(site):
    user = site.user()
    ended, other = user.sign_in(), user.sign_in()
    refreshed = refresh(site, ended["RefreshToken"])
    APP.revoke_token(Token=ended["RefreshToken"], ClientId=site.client_id)
    for token in (ended["AccessToken"], refreshed["AccessToken"]):
        with refused("NotAuthorizedException", "Access Token has been revoked"):
            APP.get_user(AccessToken=token)
    with refused("NotAuthorizedException", REVOKED):
        refresh(site, ended["RefreshToken"])
    with refused("NotAuthorizedException", REVOKED):
        exchange(site, ended["RefreshToken"])
    assert APP.get_user(AccessToken=other["AccessToken"])
    assert refresh(site, other["RefreshToken"])
    # Again, and of nothing: a success.
    APP.revoke_token(Token=ended["RefreshToken"], ClientId=site.client_id)
    APP.revoke_token(Token="rubbish", ClientId=site.client_id)


def test_what_cannot_be_revoked(site):
    tokens = site.user().sign_in()
    with refused("UnsupportedTokenTypeException"):
        APP.revoke_token(Token=tokens["AccessToken"], ClientId=site.client_id)
    plain = site.add_client(EnableTokenRevocation=False)["ClientId"]
    user = site.user()
    answer = site.start("USER_PASSWORD_AUTH", plain, USERNAME=user.typed, PASSWORD=PASSWORD)
    with refused("UnsupportedOperationException"):
        APP.revoke_token(Token=answer["AuthenticationResult"]["RefreshToken"], ClientId=plain)
    secret = site.add_client(GenerateSecret=True)["ClientId"]
    with refused("UnauthorizedException"):
        APP.revoke_token(Token=tokens["RefreshToken"], ClientId=secret)


def test_global_sign_out_ends_every_session(site):
    user = site.user()
    one, two = user.sign_in(), user.sign_in()
    APP.global_sign_out(AccessToken=one["AccessToken"])
    for tokens in (one, two):
        with refused("NotAuthorizedException", "Access Token has been revoked"):
            APP.get_user(AccessToken=tokens["AccessToken"])
        with refused("NotAuthorizedException", REVOKED):
            refresh(site, tokens["RefreshToken"])
    with refused("NotAuthorizedException", "Access Token has been revoked"):
        APP.global_sign_out(AccessToken=one["AccessToken"])
    # At once after: nothing of the new session is caught by the sign-out.
    assert APP.get_user(AccessToken=user.sign_in()["AccessToken"])


def test_an_administrator_signs_a_user_out(site):
    user = site.user()
    tokens = user.sign_in()
    ADMIN.admin_user_global_sign_out(**user.key)
    with refused("NotAuthorizedException", "Access Token has been revoked"):
        APP.get_user(AccessToken=tokens["AccessToken"])
    with refused("UserNotFoundException", "User does not exist."):
        ADMIN.admin_user_global_sign_out(UserPoolId=site.id, Username=fresh())


def test_what_is_no_access_token(site):
    tokens = site.user().sign_in()
    for token in ("rubbish", "a.b.c", tokens["IdToken"], tokens["AccessToken"][:-4] + "AAAA"):
        with refused("NotAuthorizedException", "Invalid Access Token"):
            APP.get_user(AccessToken=token)


def test_who_deletes_themselves_is_gone(site):
    user = site.user()
    tokens = user.sign_in()
    with refused("NotAuthorizedException", "Invalid Access Token"):
        APP.delete_user(AccessToken="rubbish")
    APP.delete_user(AccessToken=tokens["AccessToken"])
    with refused("UserNotFoundException", "User does not exist."):
        user.read()
    with refused("UserNotFoundException", "User does not exist."):
        user.sign_in()
    with refused("NotAuthorizedException"):
        refresh(site, tokens["RefreshToken"])
    # Nobody inherits: the name is free, the tokens stay dead.
    site.user(user.typed)
    with pytest.raises(APP.exceptions.ClientError):
        APP.get_user(AccessToken=tokens["AccessToken"])
