"""Two who come at once: of what there is one of, one gets it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError
from pycognito.aws_srp import AWSSRP

from people import (
    ADMIN, APP, OTHER_PASSWORD, PASSWORD, Site, code_sent_to, fail_until_locked, fresh, fresh_email,
)


@pytest.fixture(scope="module")
def site():
    return Site(pool={"AutoVerifiedAttributes": ["email"]})


def at_once(calls):
    """Makes all calls together; gives how each ended: None, or the error's name."""

    def ended(call):
        try:
            call()
        except ClientError as error:
            return error.response["Error"]["Code"]
        return None

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(ended, calls))


def test_one_name(site):
    name = fresh()
    endings = at_once([lambda: site.sign_up(name)] * 8)
    assert endings.count(None) == 1
    assert set(endings) == {None, "UsernameExistsException"}


def test_one_address_verified_by_two():
    site = Site(pool={"AliasAttributes": ["email"], "AutoVerifiedAttributes": ["email"]})
    email = fresh_email()
    calls = []
    for _ in range(4):
        user, _ = site.sign_up(email=email)
        confirmation = {
            "ClientId": site.client_id,
            "Username": user.typed,
            "ConfirmationCode": code_sent_to(email),
        }
        calls.append(lambda confirmation=confirmation: APP.confirm_sign_up(**confirmation))
    endings = at_once(calls)
    assert endings.count(None) == 1
    assert set(endings) == {None, "AliasExistsException"}


def test_one_proof(site):
    user = site.user()
    client = AWSSRP(user.name, PASSWORD, site.id, site.client_id, client=APP)
    start = APP.initiate_auth(
        AuthFlow="USER_SRP_AUTH", ClientId=site.client_id, AuthParameters=client.get_auth_params()
    )
    responses = client.process_challenge(start["ChallengeParameters"], client.get_auth_params())
    endings = at_once(
        [
            lambda: APP.respond_to_auth_challenge(
                ClientId=site.client_id, ChallengeName="PASSWORD_VERIFIER", ChallengeResponses=responses
            )
        ]
        * 6
    )
    assert endings.count(None) == 1


def test_one_session(site):
    name = fresh()
    ADMIN.admin_create_user(
        UserPoolId=site.id, Username=name, TemporaryPassword=PASSWORD, MessageAction="SUPPRESS"
    )
    session = site.start("USER_PASSWORD_AUTH", USERNAME=name, PASSWORD=PASSWORD)["Session"]
    answer = {"USERNAME": name, "NEW_PASSWORD": OTHER_PASSWORD}
    endings = at_once([lambda: site.respond("NEW_PASSWORD_REQUIRED", session, **answer)] * 6)
    assert endings.count(None) == 1


def test_one_reset_code(site):
    email = fresh_email()
    user = site.user(email=email, email_verified="true")
    APP.forgot_password(ClientId=site.client_id, Username=user.typed)
    code = code_sent_to(email)
    endings = at_once(
        [
            lambda: APP.confirm_forgot_password(
                ClientId=site.client_id, Username=user.typed, ConfirmationCode=code, Password=OTHER_PASSWORD
            )
        ]
        * 6
    )
    assert endings.count(None) == 1


def test_a_rotated_token():
    site = Site(
        client={
            "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"],
            "RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 0},
        }
    )
    token = site.user().sign_in()["RefreshToken"]
    endings = at_once(
        [lambda: APP.get_tokens_from_refresh_token(RefreshToken=token, ClientId=site.client_id)] * 6
    )
    assert endings.count(None) == 1
    assert set(endings) == {None, "RefreshTokenReuseException"}


def test_one_totp_code():
    site = Site()
    ADMIN.set_user_pool_mfa_config(
        UserPoolId=site.id, SoftwareTokenMfaConfiguration={"Enabled": True}, MfaConfiguration="OPTIONAL"
    )
    user = site.user()
    app = user.enrol_totp(user.sign_in()["AccessToken"])
    sessions = [user.start()["Session"] for _ in range(5)]
    code = app.code()
    endings = at_once(
        [
            lambda session=session: site.respond(
                "SOFTWARE_TOKEN_MFA", session, USERNAME=user.name, SOFTWARE_TOKEN_MFA_CODE=code
            )
            for session in sessions
        ]
    )
    assert endings.count(None) == 1
    assert set(endings) == {None, "ExpiredCodeException"}


def test_members_of_a_group(site):
    group = fresh("group")
    ADMIN.create_group(UserPoolId=site.id, GroupName=group)
    users = [site.user() for _ in range(6)]
    calls = [lambda user=user: ADMIN.admin_add_user_to_group(**user.key, GroupName=group) for user in users * 2]
    assert set(at_once(calls)) == {None}
    members = ADMIN.list_users_in_group(UserPoolId=site.id, GroupName=group)["Users"]
    assert len(members) == 6


def test_guesses_made_at_once_are_counted_too(site):
    user = site.user()
    endings = at_once([lambda: user.sign_in(OTHER_PASSWORD)] * 8)
    assert set(endings) == {"NotAuthorizedException"}
    # Five were made already, so it takes no five more.
    assert len(fail_until_locked(lambda: user.sign_in(OTHER_PASSWORD))) < 5
