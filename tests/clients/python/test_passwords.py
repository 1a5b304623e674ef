"""Forgotten, changed, set and reset passwords."""

import pytest

from people import (
    ADMIN, APP, LOCKED, OTHER_PASSWORD, PASSWORD, Site, code_sent_to, fail_until_locked, fresh, fresh_email,
    messages, refused, wrong,
)

THIRD_PASSWORD = "Horse-Staple-5-Correct"
INCORRECT = "Incorrect username or password."


@pytest.fixture(scope="module")
def site():
    return Site(pool={"AutoVerifiedAttributes": ["email"]})


@pytest.fixture
def user(site):
    return site.user(email=fresh_email(), email_verified="true")


def forgot(user):
    return APP.forgot_password(ClientId=user.site.client_id, Username=user.typed)


def reset(user, code, password=OTHER_PASSWORD):
    return APP.confirm_forgot_password(
        ClientId=user.site.client_id, Username=user.typed, ConfirmationCode=code, Password=password
    )


def test_forgot_and_reset(user):
    email = user.attributes()["email"]
    assert forgot(user)["CodeDeliveryDetails"] == {
        "Destination": "m***@e***",
        "DeliveryMedium": "EMAIL",
        "AttributeName": "email",
    }
    code = code_sent_to(email)
    with refused("CodeMismatchException", "Invalid verification code provided, please try again."):
        reset(user, wrong(code))
    with refused("InvalidPasswordException"):
        reset(user, code, "short")
    user.sign_in(PASSWORD)
    reset(user, code)
    with refused("NotAuthorizedException", INCORRECT):
        user.sign_in(PASSWORD)
    user.sign_in(OTHER_PASSWORD)
    with refused("ExpiredCodeException", "Invalid code provided, please request a code again."):
        reset(user, code)


def test_nothing_verified_nothing_sent(site):
    user = site.user(email=fresh_email())
    text = "Cannot reset password for the user as there is no registered/verified email or phone_number"
    with refused("InvalidParameterException", text):
        forgot(user)


def test_who_may_not_forget(site):
    invited = fresh()
    ADMIN.admin_create_user(UserPoolId=site.id, Username=invited, MessageAction="SUPPRESS")
    with refused("NotAuthorizedException", "User password cannot be reset in the current state."):
        APP.forgot_password(ClientId=site.client_id, Username=invited)
    with refused("UserNotFoundException", "Username/client id combination not found."):
        APP.forgot_password(ClientId=site.client_id, Username=fresh())
    closed = Site(pool={"AccountRecoverySetting": {"RecoveryMechanisms": [{"Priority": 1, "Name": "admin_only"}]}})
    with refused("NotAuthorizedException", "Contact administrator to reset password."):
        forgot(closed.user(email=fresh_email(), email_verified="true"))


def test_recovery_has_an_hourly_limit(user):
    with refused("LimitExceededException", "Attempt limit exceeded, please try after some time."):
        for _ in range(21):
            forgot(user)
    assert 5 <= len(messages(user.attributes()["email"])) <= 20


def test_change_password(user):
    token = user.sign_in()["AccessToken"]
    with refused("NotAuthorizedException", INCORRECT):
        APP.change_password(
            AccessToken=token, PreviousPassword=OTHER_PASSWORD, ProposedPassword=THIRD_PASSWORD
        )
    with refused("InvalidPasswordException"):
        APP.change_password(AccessToken=token, PreviousPassword=PASSWORD, ProposedPassword="short1")
    APP.change_password(AccessToken=token, PreviousPassword=PASSWORD, ProposedPassword=OTHER_PASSWORD)
    user.sign_in(OTHER_PASSWORD)
    with refused("NotAuthorizedException", INCORRECT):
        user.sign_in(PASSWORD)
    with refused("NotAuthorizedException", "Invalid Access Token"):
        APP.change_password(
            AccessToken="no.such.token", PreviousPassword=PASSWORD, ProposedPassword=OTHER_PASSWORD
        )


def test_old_passwords_are_remembered():
    policy = {"MinimumLength": 8, "PasswordHistorySize": 2}
    site = Site(pool={"Policies": {"PasswordPolicy": policy}})
    user = site.user()
    token = user.sign_in()["AccessToken"]

    def change(old, new):
        APP.change_password(AccessToken=token, PreviousPassword=old, ProposedPassword=new)

    change(PASSWORD, OTHER_PASSWORD)
    with refused("PasswordHistoryPolicyViolationException"):
        change(OTHER_PASSWORD, PASSWORD)
    with refused("PasswordHistoryPolicyViolationException"):
        change(OTHER_PASSWORD, OTHER_PASSWORD)
    with refused("PasswordHistoryPolicyViolationException"):
        ADMIN.admin_set_user_password(**user.key, Password=PASSWORD, Permanent=True)
    change(OTHER_PASSWORD, THIRD_PASSWORD)
    change(THIRD_PASSWORD, PASSWORD)


def test_an_administrator_sets_a_password(user):
    ADMIN.admin_set_user_password(**user.key, Password=OTHER_PASSWORD, Permanent=False)
    assert user.read()["UserStatus"] == "FORCE_CHANGE_PASSWORD"
    assert user.start(OTHER_PASSWORD)["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    ADMIN.admin_set_user_password(**user.key, Password=THIRD_PASSWORD, Permanent=True)
    assert user.read()["UserStatus"] == "CONFIRMED"
    user.sign_in(THIRD_PASSWORD)
    with refused("InvalidPasswordException", "Password does not conform to policy: Password not long enough"):
        ADMIN.admin_set_user_password(**user.key, Password="Ab-1", Permanent=True)
    with refused("UserNotFoundException", "User does not exist."):
        ADMIN.admin_set_user_password(UserPoolId=user.site.id, Username=fresh(), Password=PASSWORD)


def test_an_administrator_demands_a_reset(user):
    ADMIN.admin_reset_user_password(**user.key)
    assert user.read()["UserStatus"] == "RESET_REQUIRED"
    with refused("PasswordResetRequiredException", "Password reset required for the user"):
        user.sign_in()
    reset(user, code_sent_to(user.attributes()["email"]))
    assert user.read()["UserStatus"] == "CONFIRMED"
    user.sign_in(OTHER_PASSWORD)
    with refused("UserNotFoundException", "User does not exist."):
        ADMIN.admin_reset_user_password(UserPoolId=user.site.id, Username=fresh())


def test_failures_lock_the_password_for_a_while(site):
    user = site.user()
    for _ in range(3):
        texts = fail_until_locked(lambda: user.sign_in("Wrong-Password-1"))
        assert texts[:5] == [INCORRECT] * 5 and texts[-1] == LOCKED
        try:
            user.sign_in()
        except APP.exceptions.NotAuthorizedException as error:
            # Not even the right one counts now.
            assert error.response["Error"]["Message"] == LOCKED
            break
    else:
        pytest.fail("the right password was never locked out")
    ADMIN.admin_set_user_password(**user.key, Password=OTHER_PASSWORD, Permanent=True)
    user.sign_in(OTHER_PASSWORD)
