"""Who exists is told by a LEGACY client and hidden by an ENABLED one (PreventUserExistenceErrors)."""

import re

import pytest
from pycognito.aws_srp import AWSSRP

from people import (
    ADMIN, APP, LOCKED, OTHER_PASSWORD, PASSWORD, Site, fail_until_locked, fresh, fresh_email, refused,
)

INCORRECT = "Incorrect username or password."


@pytest.fixture(scope="module")
def telling():
    return Site(pool={"AutoVerifiedAttributes": ["email"]}, client={"PreventUserExistenceErrors": "LEGACY"})


@pytest.fixture(scope="module")
def hiding():
    return Site(pool={"AutoVerifiedAttributes": ["email"]}, client={"PreventUserExistenceErrors": "ENABLED"})


def start_srp(site, name):
    client = AWSSRP(name, OTHER_PASSWORD, site.id, site.client_id, client=APP)
    parameters = client.get_auth_params()
    start = APP.initiate_auth(AuthFlow="USER_SRP_AUTH", ClientId=site.client_id, AuthParameters=parameters)
    return client, parameters, start


def finish_srp(site, client, parameters, start):
    return APP.respond_to_auth_challenge(
        ClientId=site.client_id,
        ChallengeName="PASSWORD_VERIFIER",
        ChallengeResponses=client.process_challenge(start["ChallengeParameters"], parameters),
    )


def test_a_telling_client_tells(telling):
    name = fresh()
    client = {"ClientId": telling.client_id, "Username": name}
    with refused("UserNotFoundException", "User does not exist."):
        telling.start("USER_PASSWORD_AUTH", USERNAME=name, PASSWORD=PASSWORD)
    with refused("UserNotFoundException", "User does not exist."):
        start_srp(telling, name)
    unknown = "Username/client id combination not found."
    with refused("UserNotFoundException", unknown):
        APP.forgot_password(**client)
    with refused("UserNotFoundException", unknown):
        APP.confirm_sign_up(**client, ConfirmationCode="123456")
    with refused("UserNotFoundException", unknown):
        APP.resend_confirmation_code(**client)
    with refused("UserNotFoundException", unknown):
        APP.confirm_forgot_password(**client, ConfirmationCode="123456", Password=PASSWORD)


def test_passwords_of_nobody(hiding):
    known = hiding.user()
    for name in (fresh(), known.typed):
        with refused("NotAuthorizedException", INCORRECT):
            hiding.start("USER_PASSWORD_AUTH", USERNAME=name, PASSWORD=OTHER_PASSWORD)
        with refused("NotAuthorizedException", INCORRECT):
            ADMIN.admin_initiate_auth(
                UserPoolId=hiding.id,
                ClientId=hiding.client_id,
                AuthFlow="ADMIN_USER_PASSWORD_AUTH",
                AuthParameters={"USERNAME": name, "PASSWORD": OTHER_PASSWORD},
            )


def test_srp_with_nobody_looks_like_srp_with_somebody(hiding):
    known, unknown = hiding.user(), fresh()
    shapes = []
    for name in (known.typed, unknown):
        client, parameters, start = start_srp(hiding, name)
        given = start["ChallengeParameters"]
        shapes.append((start["ChallengeName"], set(given), "Session" in start, len(given["SECRET_BLOCK"])))
        assert given["USER_ID_FOR_SRP"] == name
        with refused("NotAuthorizedException", INCORRECT):
            finish_srp(hiding, client, parameters, start)
    assert shapes[0] == shapes[1]
    first, second = (start_srp(hiding, unknown)[2]["ChallengeParameters"] for _ in range(2))
    assert first["SALT"] == second["SALT"] and first["USER_ID_FOR_SRP"] == second["USER_ID_FOR_SRP"]
    assert first["SRP_B"] != second["SRP_B"]


def test_codes_for_nobody(hiding):
    name = fresh()
    client = {"ClientId": hiding.client_id, "Username": name}
    for call in (APP.forgot_password, APP.resend_confirmation_code):
        first, second = (call(**client)["CodeDeliveryDetails"] for _ in range(2))
        assert first == second
        assert first["DeliveryMedium"] == "EMAIL" and re.fullmatch(r".\*\*\*@.\*\*\*", first["Destination"])
    with pytest.raises((APP.exceptions.CodeMismatchException, APP.exceptions.ExpiredCodeException)):
        APP.confirm_forgot_password(**client, ConfirmationCode="123456", Password=PASSWORD)
    with pytest.raises((APP.exceptions.CodeMismatchException, APP.exceptions.ExpiredCodeException)):
        APP.confirm_sign_up(**client, ConfirmationCode="123456")


def test_an_address_nobody_verified_gets_the_same_answer(hiding):
    user = hiding.user(email=fresh_email())
    answer = APP.forgot_password(ClientId=hiding.client_id, Username=user.typed)
    assert answer["CodeDeliveryDetails"]["DeliveryMedium"] == "EMAIL"


def test_lockout_of_nobody_and_of_somebody_are_alike(hiding):
    for name in (hiding.user().typed, fresh()):
        texts = fail_until_locked(
            lambda name=name: hiding.start("USER_PASSWORD_AUTH", USERNAME=name, PASSWORD=OTHER_PASSWORD)
        )
        assert texts[:5] == [INCORRECT] * 5 and texts[-1] == LOCKED


def test_sign_up_always_tells(hiding):
    with refused("UsernameExistsException", "User already exists"):
        hiding.sign_up(hiding.user().typed)


def test_the_unconfirmed_are_told_only_with_their_password(hiding):
    user, _ = hiding.sign_up(email=fresh_email())
    with refused("NotAuthorizedException", INCORRECT):
        user.start(OTHER_PASSWORD)
    with refused("UserNotConfirmedException", "User is not confirmed."):
        user.start()
