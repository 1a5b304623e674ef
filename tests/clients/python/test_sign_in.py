"""Signing in by password and by SRP, and what the tokens say."""

import re
import time

import jwt
import pytest
import requests
from botocore.exceptions import ClientError
from pycognito.aws_srp import AWSSRP, calculate_u, compute_hkdf, pad_hex

from people import (
    ADMIN, APP, EVERY_FLOW, OTHER_PASSWORD, PASSWORD, REGION, URL, Site, claims, fresh, fresh_email, refused,
)

INCORRECT = "Incorrect username or password."
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


@pytest.fixture(scope="module")
def site():
    return Site()


@pytest.fixture(scope="module")
def guarded():
    """A site whose client has a secret."""
    return Site(client={"GenerateSecret": True})


def srp(user, password=PASSWORD, client=APP):
    return AWSSRP(
        user.typed, password, user.site.id, user.site.client_id, client=client, client_secret=user.site.secret
    )


def test_password_flow(site):
    user = site.user(email=fresh_email(), email_verified="true")
    answer = user.start()
    assert answer["ChallengeParameters"] == {} and "ChallengeName" not in answer and "Session" not in answer
    assert set(answer["AuthenticationResult"]) == {
        "AccessToken", "ExpiresIn", "TokenType", "RefreshToken", "IdToken",
    }
    assert answer["AuthenticationResult"]["ExpiresIn"] == 3600


def test_the_tokens_carry_exactly_cognitos_claims(site):
    user = site.user(email=fresh_email(), email_verified="true", name="Ada")
    before = int(time.time())
    tokens = user.sign_in()
    sub, attributes = user.attributes()["sub"], user.attributes()
    issuer = f"{URL}/{site.id}"
    keys = jwt.PyJWKClient(f"{issuer}/.well-known/jwks.json")
    decoded = {}
    for name, audience in (("IdToken", site.client_id), ("AccessToken", None)):
        header = jwt.get_unverified_header(tokens[name])
        assert set(header) == {"kid", "alg"} and header["alg"] == "RS256", header
        key = keys.get_signing_key(header["kid"])
        decoded[name] = jwt.decode(tokens[name], key, ["RS256"], audience=audience, issuer=issuer)
    id_token, access_token = decoded["IdToken"], decoded["AccessToken"]
    assert jwt.get_unverified_header(tokens["IdToken"])["kid"] != (
        jwt.get_unverified_header(tokens["AccessToken"])["kid"]
    )
    shared = {"sub", "iss", "origin_jti", "event_id", "token_use", "auth_time", "exp", "iat", "jti"}
    assert set(id_token) == shared | {"aud", "cognito:username", "email", "email_verified", "name"}
    assert set(access_token) == shared | {"client_id", "username", "scope"}
    assert id_token["token_use"] == "id" and access_token["token_use"] == "access"
    assert id_token["sub"] == access_token["sub"] == sub
    assert id_token["cognito:username"] == access_token["username"] == user.name
    assert id_token["email"] == attributes["email"] and id_token["email_verified"] is True
    assert access_token["scope"] == "aws.cognito.signin.user.admin"
    assert access_token["client_id"] == site.client_id
    for said in decoded.values():
        assert all(type(said[name]) is int for name in ("auth_time", "iat", "exp"))
        assert before <= said["auth_time"] <= time.time() + 1
        assert said["exp"] - said["iat"] == 3600
        assert all(re.fullmatch(UUID, said[name]) for name in ("jti", "origin_jti", "event_id"))
    assert id_token["origin_jti"] == access_token["origin_jti"]
    assert id_token["jti"] != access_token["jti"]


def test_the_refresh_token_looks_like_cognitos(site):
    token = site.user().sign_in()["RefreshToken"]
    assert token.count(".") == 4 and re.fullmatch(r"[A-Za-z0-9\-_=.]+", token)


def test_the_lifetimes_are_the_clients(site):
    client = site.add_client(
        AccessTokenValidity=5,
        IdTokenValidity=10,
        TokenValidityUnits={"AccessToken": "minutes", "IdToken": "minutes"},
    )
    user = site.user()
    answer = site.start("USER_PASSWORD_AUTH", client["ClientId"], USERNAME=user.typed, PASSWORD=PASSWORD)
    tokens = answer["AuthenticationResult"]
    assert tokens["ExpiresIn"] == 300
    for name, life in (("AccessToken", 300), ("IdToken", 600)):
        said = claims(tokens[name])
        assert said["exp"] - said["iat"] == life


def test_tokens_of_a_client_without_revocation_name_no_origin(site):
    client = site.add_client(EnableTokenRevocation=False)
    user = site.user()
    answer = site.start("USER_PASSWORD_AUTH", client["ClientId"], USERNAME=user.typed, PASSWORD=PASSWORD)
    assert not {"jti", "origin_jti"} & set(claims(answer["AuthenticationResult"]["IdToken"]))


def test_srp_flow(site):
    user = site.user()
    answer = srp(user).authenticate_user()
    assert claims(answer["AuthenticationResult"]["AccessToken"])["username"] == user.name
    with refused("NotAuthorizedException", INCORRECT):
        srp(user, OTHER_PASSWORD).authenticate_user()


def test_srp_with_a_secret(guarded):
    assert srp(guarded.user()).authenticate_user()["AuthenticationResult"]


def test_srp_challenge_and_its_proof_count_once(site):
    user = site.user()
    client = srp(user)
    start = APP.initiate_auth(
        AuthFlow="USER_SRP_AUTH", ClientId=site.client_id, AuthParameters=client.get_auth_params()
    )
    parameters = start["ChallengeParameters"]
    assert set(parameters) == {"SALT", "SRP_B", "SECRET_BLOCK", "USERNAME", "USER_ID_FOR_SRP"}
    assert re.fullmatch("[0-9a-f]+", parameters["SALT"]) and re.fullmatch("[0-9a-f]+", parameters["SRP_B"])
    responses = client.process_challenge(parameters, client.get_auth_params())
    respond = {"ClientId": site.client_id, "ChallengeName": "PASSWORD_VERIFIER", "ChallengeResponses": responses}
    assert APP.respond_to_auth_challenge(**respond)["AuthenticationResult"]
    with refused("NotAuthorizedException"):
        APP.respond_to_auth_challenge(**respond)


@pytest.mark.parametrize("value", ["", "not hex"])
def test_srp_refuses_a_senseless_a(site, value):
    user = site.user()
    with refused("InvalidParameterException"):
        site.start("USER_SRP_AUTH", USERNAME=user.typed, SRP_A=value)


@pytest.mark.parametrize("times", [0, 1, 2])
def test_srp_is_not_fooled_by_a_multiple_of_n(site, times):
    """Then S is 0 whatever the password: who knows none signs with that (RFC 5054 section 2.5.4)."""
    user = site.user()
    client = srp(user, "no idea")
    client.large_a_value = times * client.big_n
    client.get_password_authentication_key = lambda _user, _password, b, _salt: compute_hkdf(
        b"\0", bytes.fromhex(pad_hex(calculate_u(client.large_a_value, b)))
    )
    with pytest.raises(ClientError) as caught:
        client.authenticate_user()
    assert caught.value.response["Error"]["Code"] in ("InvalidParameterException", "NotAuthorizedException")
    assert user.sign_in()


def test_an_administrators_flow(site):
    user = site.user()
    call = {
        "UserPoolId": site.id,
        "ClientId": site.client_id,
        "AuthFlow": "ADMIN_USER_PASSWORD_AUTH",
        "AuthParameters": {"USERNAME": user.typed, "PASSWORD": PASSWORD},
    }
    assert ADMIN.admin_initiate_auth(**call)["AuthenticationResult"]["IdToken"]
    with refused("NotAuthorizedException", INCORRECT):
        ADMIN.admin_initiate_auth(
            **call | {"AuthParameters": {"USERNAME": user.typed, "PASSWORD": OTHER_PASSWORD}}
        )
    # Each door has the password flow of its own name.
    with refused("InvalidParameterException", "Initiate Auth method not supported."):
        ADMIN.admin_initiate_auth(**call | {"AuthFlow": "USER_PASSWORD_AUTH"})
    with refused("InvalidParameterException", "Initiate Auth method not supported."):
        APP.initiate_auth(
            ClientId=site.client_id, AuthFlow=call["AuthFlow"], AuthParameters=call["AuthParameters"]
        )
    with refused("ResourceNotFoundException"):
        ADMIN.admin_initiate_auth(**call | {"UserPoolId": f"{REGION}_Nowhere01"})


def test_an_administrators_srp(site):
    user = site.user()
    client = srp(user)
    start = ADMIN.admin_initiate_auth(
        UserPoolId=site.id,
        ClientId=site.client_id,
        AuthFlow="USER_SRP_AUTH",
        AuthParameters=client.get_auth_params(),
    )
    respond = {
        "UserPoolId": site.id,
        "ClientId": site.client_id,
        "ChallengeName": "PASSWORD_VERIFIER",
        "ChallengeResponses": client.process_challenge(start["ChallengeParameters"], client.get_auth_params()),
    }
    wrong = respond["ChallengeResponses"] | {"PASSWORD_CLAIM_SIGNATURE": "AAAA"}
    with refused("NotAuthorizedException", INCORRECT):
        ADMIN.admin_respond_to_auth_challenge(**respond | {"ChallengeResponses": wrong})
    start = ADMIN.admin_initiate_auth(
        UserPoolId=site.id,
        ClientId=site.client_id,
        AuthFlow="USER_SRP_AUTH",
        AuthParameters=client.get_auth_params(),
    )
    respond["ChallengeResponses"] = client.process_challenge(
        start["ChallengeParameters"], client.get_auth_params()
    )
    assert ADMIN.admin_respond_to_auth_challenge(**respond)["AuthenticationResult"]


def test_only_flows_the_client_allows(site):
    client = site.add_client(ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH"])["ClientId"]
    user = site.user()
    with refused("InvalidParameterException", "USER_PASSWORD_AUTH flow not enabled for this client"):
        site.start("USER_PASSWORD_AUTH", client, USERNAME=user.typed, PASSWORD=PASSWORD)
    with refused("InvalidParameterException", "Auth flow not enabled for this client"):
        ADMIN.admin_initiate_auth(
            UserPoolId=site.id,
            ClientId=client,
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": user.typed, "PASSWORD": PASSWORD},
        )
    with refused("InvalidParameterException"):
        site.start("CUSTOM_AUTH", client, USERNAME=user.typed)


@pytest.mark.parametrize(
    ("flow", "parameters", "missing"),
    [
        ("USER_PASSWORD_AUTH", {"PASSWORD": PASSWORD}, "USERNAME"),
        ("USER_PASSWORD_AUTH", {"USERNAME": "ada"}, "PASSWORD"),
        ("USER_SRP_AUTH", {"USERNAME": "ada"}, "SRP_A"),
        ("REFRESH_TOKEN_AUTH", {}, "REFRESH_TOKEN"),
    ],
)
def test_missing_parameters_are_named(site, flow, parameters, missing):
    with refused("InvalidParameterException", f"Missing required parameter {missing}"):
        site.start(flow, **parameters)


def test_secret_hash(guarded):
    user = guarded.user()
    assert user.sign_in()
    client = guarded.client_id
    with refused("NotAuthorizedException", f"Unable to verify secret hash for client {client}"):
        user.start(SECRET_HASH=guarded.hash("somebody else"))
    missing = f"Client {client} is configured with secret but SECRET_HASH was not received"
    with refused("NotAuthorizedException", missing):
        APP.initiate_auth(
            AuthFlow="USER_PASSWORD_AUTH",
            ClientId=client,
            AuthParameters={"USERNAME": user.typed, "PASSWORD": PASSWORD},
        )
    for call in (
        lambda: APP.sign_up(ClientId=client, Username=fresh(), Password=PASSWORD),
        lambda: APP.confirm_sign_up(ClientId=client, Username=user.typed, ConfirmationCode="123456"),
        lambda: APP.resend_confirmation_code(ClientId=client, Username=user.typed),
        lambda: APP.forgot_password(ClientId=client, Username=user.typed),
        lambda: APP.confirm_forgot_password(
            ClientId=client, Username=user.typed, ConfirmationCode="123456", Password=PASSWORD
        ),
    ):
        with refused("NotAuthorizedException", missing):
            call()


def test_a_disabled_user(site):
    user = site.user()
    token = user.sign_in()["AccessToken"]
    ADMIN.admin_disable_user(**user.key)
    assert user.read()["Enabled"] is False
    with refused("NotAuthorizedException", "User is disabled."):
        user.sign_in()
    with refused("NotAuthorizedException"):
        APP.get_user(AccessToken=token)
    ADMIN.admin_enable_user(**user.key)
    assert user.sign_in()
    with refused("NotAuthorizedException", "Access Token has been revoked"):
        APP.get_user(AccessToken=token)
    for call in (ADMIN.admin_disable_user, ADMIN.admin_enable_user):
        with refused("UserNotFoundException", "User does not exist."):
            call(UserPoolId=site.id, Username=fresh())


def test_every_flow_is_named_as_the_client_has_it(site):
    assert set(site.client["ExplicitAuthFlows"]) == set(EVERY_FLOW)
