"""What follows the password: new passwords, authenticator apps, the choice between factors."""

import json

import pytest

from people import (
    ADMIN, APP, LOCKED, OTHER_PASSWORD, PASSWORD, Authenticator, Site, claims, code_sent_to, fail_until_locked,
    fresh, fresh_email, pairs, refused, wrong,
)

MISMATCH = "Invalid code or auth state for the user."


def make_site(mode, **pool):
    site = Site(pool=pool)
    ADMIN.set_user_pool_mfa_config(
        UserPoolId=site.id, SoftwareTokenMfaConfiguration={"Enabled": True}, MfaConfiguration=mode
    )
    return site


@pytest.fixture(scope="module")
def optional():
    return make_site("OPTIONAL")


@pytest.fixture(scope="module")
def demanding():
    return make_site("ON")


def invite(site, **attributes):
    name = fresh()
    ADMIN.admin_create_user(
        UserPoolId=site.id,
        Username=name,
        TemporaryPassword=PASSWORD,
        MessageAction="SUPPRESS",
        UserAttributes=pairs(attributes),
    )
    return name


def test_a_temporary_password_must_be_replaced():
    required = [
        {"Name": name, "AttributeDataType": "String", "Required": True, "Mutable": True}
        for name in ("email", "name")
    ]
    site = Site(pool={"Schema": required})
    email = fresh_email()
    name = invite(site, email=email, email_verified="true")
    start = site.start("USER_PASSWORD_AUTH", USERNAME=name, PASSWORD=PASSWORD)
    assert start["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    parameters = start["ChallengeParameters"]
    assert parameters["USER_ID_FOR_SRP"] == name
    assert json.loads(parameters["requiredAttributes"]) == ["userAttributes.name"]
    current = json.loads(parameters["userAttributes"])
    assert current["email"] == email and current["email_verified"] == "true"

    def respond(**responses):
        return site.respond("NEW_PASSWORD_REQUIRED", start["Session"], USERNAME=name, **responses)

    with refused("InvalidParameterException"):
        respond()
    with refused("InvalidPasswordException"):
        respond(NEW_PASSWORD="short", **{"userAttributes.name": "Ada"})
    with refused("InvalidParameterException"):
        respond(NEW_PASSWORD=OTHER_PASSWORD)
    tokens = respond(NEW_PASSWORD=OTHER_PASSWORD, **{"userAttributes.name": "Ada"})["AuthenticationResult"]
    assert claims(tokens["IdToken"])["name"] == "Ada"
    read = ADMIN.admin_get_user(UserPoolId=site.id, Username=name)
    assert read["UserStatus"] == "CONFIRMED"
    text = "Invalid session for the user, session can only be used once."
    with refused("NotAuthorizedException", text):
        respond(NEW_PASSWORD=OTHER_PASSWORD, **{"userAttributes.name": "Ada"})


def test_an_administrator_answers_a_challenge(optional):
    name = invite(optional)
    call = {"UserPoolId": optional.id, "ClientId": optional.client_id}
    start = ADMIN.admin_initiate_auth(
        **call, AuthFlow="ADMIN_USER_PASSWORD_AUTH", AuthParameters={"USERNAME": name, "PASSWORD": PASSWORD}
    )
    answer = ADMIN.admin_respond_to_auth_challenge(
        **call,
        ChallengeName=start["ChallengeName"],
        Session=start["Session"],
        ChallengeResponses={"USERNAME": name, "NEW_PASSWORD": OTHER_PASSWORD},
    )
    assert answer["AuthenticationResult"]["AccessToken"]


def test_enrol_and_sign_in_with_an_authenticator(optional):
    user = optional.user()
    token = user.sign_in()["AccessToken"]
    with refused("InvalidParameterException", "User has not set up software token mfa"):
        APP.set_user_mfa_preference(AccessToken=token, SoftwareTokenMfaSettings={"Enabled": True})
    answer = APP.associate_software_token(AccessToken=token)
    assert set(answer) - {"ResponseMetadata"} == {"SecretCode"}
    app = Authenticator(answer["SecretCode"])
    first = app.code()
    with refused("EnableSoftwareTokenMFAException", "Code mismatch and fail enable Software Token MFA"):
        APP.verify_software_token(AccessToken=token, UserCode=wrong(first))
    APP.verify_software_token(AccessToken=token, UserCode=first, FriendlyDeviceName="phone")
    assert "AuthenticationResult" in user.start()
    APP.set_user_mfa_preference(
        AccessToken=token, SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True}
    )
    read = APP.get_user(AccessToken=token)
    assert read["UserMFASettingList"] == ["SOFTWARE_TOKEN_MFA"]
    assert read["PreferredMfaSetting"] == "SOFTWARE_TOKEN_MFA"
    factors = APP.get_user_auth_factors(AccessToken=token)
    assert factors["PreferredMfaSetting"] == "SOFTWARE_TOKEN_MFA"
    assert "PASSWORD" in factors["ConfiguredUserAuthFactors"]

    start = user.start()
    assert start["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    assert start["ChallengeParameters"] == {"FRIENDLY_DEVICE_NAME": "phone", "USER_ID_FOR_SRP": user.name}

    def respond(code):
        return optional.respond(
            "SOFTWARE_TOKEN_MFA", start["Session"], USERNAME=user.name, SOFTWARE_TOKEN_MFA_CODE=code
        )

    code = app.code()
    # A wrong code does not use the session up.
    with refused("CodeMismatchException", MISMATCH):
        respond(wrong(code))
    assert respond(code)["AuthenticationResult"]["RefreshToken"]
    start = user.start()
    with refused("ExpiredCodeException", "Your software token has already been used once."):
        respond(code)
    assert respond(app.code())["AuthenticationResult"]


def test_administrators_see_and_remove_factors(optional):
    user = optional.user()
    user.enrol_totp(user.sign_in()["AccessToken"])
    factors = ADMIN.admin_get_user_auth_factors(**user.key)
    assert factors["UserMFASettingList"] == ["SOFTWARE_TOKEN_MFA"]
    ADMIN.admin_set_user_mfa_preference(
        **user.key, SoftwareTokenMfaSettings={"Enabled": False, "PreferredMfa": False}
    )
    assert user.sign_in()
    ADMIN.admin_set_user_mfa_preference(
        **user.key, SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True}
    )
    assert user.start()["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    ADMIN.admin_delete_software_token(**user.key)
    assert user.sign_in()
    assert "UserMFASettingList" not in user.read()
    with refused("InvalidParameterException", "User has not set up software token mfa"):
        ADMIN.admin_set_user_mfa_preference(**user.key, SoftwareTokenMfaSettings={"Enabled": True})
    gone = {"UserPoolId": optional.id, "Username": fresh()}
    for call in (ADMIN.admin_get_user_auth_factors, ADMIN.admin_delete_software_token):
        with refused("UserNotFoundException", "User does not exist."):
            call(**gone)


def test_a_pool_may_demand_a_factor(demanding):
    user = demanding.user()
    start = user.start()
    assert start["ChallengeName"] == "MFA_SETUP"
    assert json.loads(start["ChallengeParameters"]["MFAS_CAN_SETUP"]) == ["SOFTWARE_TOKEN_MFA"]
    with refused("NotAuthorizedException"):
        demanding.respond("MFA_SETUP", start["Session"], USERNAME=user.name)
    associated = APP.associate_software_token(Session=start["Session"])
    app = Authenticator(associated["SecretCode"])
    code = app.code()
    with refused("EnableSoftwareTokenMFAException", "Code mismatch and fail enable Software Token MFA"):
        APP.verify_software_token(Session=associated["Session"], UserCode=wrong(code))
    verified = APP.verify_software_token(
        Session=associated["Session"], UserCode=code, FriendlyDeviceName="phone"
    )
    assert verified["Status"] == "SUCCESS"
    tokens = demanding.respond("MFA_SETUP", verified["Session"], USERNAME=user.name)
    assert tokens["AuthenticationResult"]["AccessToken"]
    start = user.start()
    assert start["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    done = demanding.respond(
        "SOFTWARE_TOKEN_MFA", start["Session"], USERNAME=user.name, SOFTWARE_TOKEN_MFA_CODE=app.code()
    )
    assert done["AuthenticationResult"]


def test_who_has_two_factors_and_no_preference_chooses():
    # What recovers the account first is no second factor.
    recovery = {"RecoveryMechanisms": [{"Priority": 1, "Name": "verified_phone_number"}]}
    site = Site(pool={"AccountRecoverySetting": recovery})
    ADMIN.set_user_pool_mfa_config(
        UserPoolId=site.id,
        SoftwareTokenMfaConfiguration={"Enabled": True},
        EmailMfaConfiguration={"Message": "{####}", "Subject": "code"},
        MfaConfiguration="OPTIONAL",
    )
    user = site.user(
        email=fresh_email(), email_verified="true", phone_number="+12065550100", phone_number_verified="true"
    )
    token = user.sign_in()["AccessToken"]
    app = Authenticator(APP.associate_software_token(AccessToken=token)["SecretCode"])
    APP.verify_software_token(AccessToken=token, UserCode=app.code())
    APP.set_user_mfa_preference(
        AccessToken=token, SoftwareTokenMfaSettings={"Enabled": True}, EmailMfaSettings={"Enabled": True}
    )
    start = user.start()
    assert start["ChallengeName"] == "SELECT_MFA_TYPE"
    choices = json.loads(start["ChallengeParameters"]["MFAS_CAN_CHOOSE"])
    assert set(choices) == {"SOFTWARE_TOKEN_MFA", "EMAIL_OTP"}
    chosen = site.respond(
        "SELECT_MFA_TYPE", start["Session"], USERNAME=user.name, ANSWER="SOFTWARE_TOKEN_MFA"
    )
    assert chosen["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    done = site.respond(
        "SOFTWARE_TOKEN_MFA", chosen["Session"], USERNAME=user.name, SOFTWARE_TOKEN_MFA_CODE=app.code()
    )
    assert done["AuthenticationResult"]

    start = user.start()
    chosen = site.respond("SELECT_MFA_TYPE", start["Session"], USERNAME=user.name, ANSWER="EMAIL_OTP")
    assert chosen["ChallengeName"] == "EMAIL_OTP"
    assert chosen["ChallengeParameters"]["CODE_DELIVERY_DELIVERY_MEDIUM"] == "EMAIL"
    assert chosen["ChallengeParameters"]["CODE_DELIVERY_DESTINATION"] == "m***@e***"
    code = code_sent_to(user.attributes()["email"])

    def respond(code):
        return site.respond("EMAIL_OTP", chosen["Session"], USERNAME=user.name, EMAIL_OTP_CODE=code)

    with refused("CodeMismatchException", MISMATCH):
        respond(wrong(code))
    assert respond(code)["AuthenticationResult"]


def test_sessions_are_refused_where_they_do_not_belong(optional):
    user, other = optional.user(), optional.user()
    app = user.enrol_totp(user.sign_in()["AccessToken"])
    session = user.start()["Session"]
    code = app.code()

    def respond(challenge="SOFTWARE_TOKEN_MFA", session=session, name=user.name):
        return optional.respond(challenge, session, USERNAME=name, SOFTWARE_TOKEN_MFA_CODE=code)

    with refused("NotAuthorizedException", "Invalid session for the user."):
        respond(session="x" * 200)
    with refused("NotAuthorizedException"):
        respond(name=other.name)
    with refused("NotAuthorizedException"):
        respond("NEW_PASSWORD_REQUIRED")
    with refused("InvalidParameterException"):
        optional.respond("SOFTWARE_TOKEN_MFA", session, USERNAME=user.name)
    assert respond()["AuthenticationResult"]
    with refused("NotAuthorizedException", "Invalid session for the user, session can only be used once."):
        respond()


def test_wrong_codes_lock_the_factor(optional):
    user = optional.user()
    app = user.enrol_totp(user.sign_in()["AccessToken"])
    session, bad = user.start()["Session"], wrong(app.code())
    texts = fail_until_locked(
        lambda: optional.respond(
            "SOFTWARE_TOKEN_MFA", session, USERNAME=user.name, SOFTWARE_TOKEN_MFA_CODE=bad
        )
    )
    assert texts[:5] == [MISMATCH] * 5 and texts[-1] == LOCKED


def test_authenticators_where_the_pool_has_none():
    user = Site().user()
    token = user.sign_in()["AccessToken"]
    with refused("SoftwareTokenMFANotFoundException"):
        APP.associate_software_token(AccessToken=token)
    with refused("SoftwareTokenMFANotFoundException"):
        APP.verify_software_token(AccessToken=token, UserCode="123456")
    with refused("NotAuthorizedException", "Invalid Access Token"):
        APP.set_user_mfa_preference(AccessToken="no.such.token")
    with refused("NotAuthorizedException", "Invalid Access Token"):
        APP.get_user_auth_factors(AccessToken="no.such.token")
