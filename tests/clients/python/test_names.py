"""What people type: aliases, other scripts, either case, with SRP as with the plain flow."""

import pytest
from pycognito.aws_srp import AWSSRP, generate_hash_device

from people import (
    ADMIN, APP, OTHER_PASSWORD, PASSWORD, Authenticator, Site, claims, code_sent_to, fresh, fresh_email, refused,
)


@pytest.fixture(scope="module")
def site():
    return Site()


def srp(site, typed, password=PASSWORD, **device):
    return AWSSRP(
        typed, password, site.id, site.client_id, client=APP, client_secret=site.secret, **device
    ).authenticate_user()


def who(answer):
    return claims(answer["AuthenticationResult"]["AccessToken"])["username"]


@pytest.mark.parametrize("secret", [False, True], ids=["public", "confidential"])
def test_an_email_address_with_srp(secret):
    site = Site(pool={"UsernameAttributes": ["email"]}, client={"GenerateSecret": secret})
    email = fresh_email()
    user = site.user(email, email_verified="true")
    assert who(srp(site, email)) == user.name != email
    assert who(srp(site, user.name)) == user.name
    with refused("NotAuthorizedException", "Incorrect username or password."):
        srp(site, email, OTHER_PASSWORD)
    # People change their address; they go on as who they are.
    other = fresh_email()
    ADMIN.admin_update_user_attributes(
        **user.key,
        UserAttributes=[{"Name": "email", "Value": other}, {"Name": "email_verified", "Value": "true"}],
    )
    assert who(srp(site, other)) == user.name
    with pytest.raises(APP.exceptions.UserNotFoundException):
        srp(site, email)


@pytest.mark.parametrize("secret", [False, True], ids=["public", "confidential"])
def test_aliases_with_srp(secret):
    site = Site(
        pool={"AliasAttributes": ["email", "phone_number", "preferred_username"]},
        client={"GenerateSecret": secret},
    )
    email, captain = fresh_email(), fresh("captain")
    number = "+1206" + str(int(fresh()[-8:], 16))[-7:].zfill(7)
    user = site.user(
        email=email,
        email_verified="true",
        phone_number=number,
        phone_number_verified="true",
        preferred_username=captain,
    )
    for typed in (user.name, email, number, captain):
        assert who(srp(site, typed)) == user.name
        assert who(site.start("USER_PASSWORD_AUTH", USERNAME=typed, PASSWORD=PASSWORD)) == user.name
        assert ADMIN.admin_get_user(UserPoolId=site.id, Username=typed)["Username"] == user.name


def test_an_unverified_address_is_no_alias():
    site = Site(pool={"AliasAttributes": ["email"]})
    email = fresh_email()
    site.user(email=email)
    with refused("UserNotFoundException", "User does not exist."):
        srp(site, email)


def test_an_alias_with_a_second_factor_and_a_device():
    site = Site(
        pool={
            "UsernameAttributes": ["email"],
            "DeviceConfiguration": {
                "ChallengeRequiredOnNewDevice": True,
                "DeviceOnlyRememberedOnUserPrompt": False,
            },
        }
    )
    ADMIN.set_user_pool_mfa_config(
        UserPoolId=site.id, SoftwareTokenMfaConfiguration={"Enabled": True}, MfaConfiguration="ON"
    )
    email = fresh_email()
    user = site.user(email, email_verified="true")
    # Who sends the password to InitiateAuth is told of no device.
    start = ADMIN.admin_initiate_auth(
        UserPoolId=site.id,
        ClientId=site.client_id,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": email, "PASSWORD": PASSWORD},
    )
    assert start["ChallengeName"] == "MFA_SETUP"
    associated = APP.associate_software_token(Session=start["Session"])
    app = Authenticator(associated["SecretCode"])
    verified = APP.verify_software_token(Session=associated["Session"], UserCode=app.code())
    tokens = site.respond("MFA_SETUP", verified["Session"], USERNAME=email)["AuthenticationResult"]
    device = tokens["NewDeviceMetadata"]
    password, verifier = generate_hash_device(device["DeviceGroupKey"], device["DeviceKey"])
    APP.confirm_device(
        AccessToken=tokens["AccessToken"],
        DeviceKey=device["DeviceKey"],
        DeviceSecretVerifierConfig=verifier,
    )
    answer = srp(
        site,
        email,
        device_key=device["DeviceKey"],
        device_group_key=device["DeviceGroupKey"],
        device_password=password,
    )
    assert who(answer) == user.name
    # By code, with the name as typed.
    start = user.start()
    done = site.respond(
        "SOFTWARE_TOKEN_MFA", start["Session"], USERNAME=email, SOFTWARE_TOKEN_MFA_CODE=app.code()
    )
    assert who(done) == user.name


def test_either_case_with_srp():
    site = Site(
        pool={"UsernameAttributes": ["email"], "UsernameConfiguration": {"CaseSensitive": False}}
    )
    email = fresh_email()
    user = site.user(email, email_verified="true")
    assert who(srp(site, email.upper())) == user.name
    plain = Site(pool={"UsernameConfiguration": {"CaseSensitive": False}})
    name = fresh("Ada")
    plain.sign_up(name)
    ADMIN.admin_confirm_sign_up(UserPoolId=plain.id, Username=name)
    assert who(srp(plain, name.swapcase())) == name.lower()


@pytest.mark.parametrize("name", ["łucja-ß-Ünïcøde", "あだ-ラブレス", "👩-e\u0301"])
@pytest.mark.parametrize("password", ["Pässwörd-1-Ünïcode", "Ключ-Aa1-от-дома", "Cor rect-9 horse 👩‍💻"])
def test_other_scripts(site, name, password):
    name = fresh(name)
    APP.sign_up(ClientId=site.client_id, Username=name, Password=password)
    ADMIN.admin_confirm_sign_up(UserPoolId=site.id, Username=name)
    assert who(site.start("USER_PASSWORD_AUTH", USERNAME=name, PASSWORD=password)) == name
    assert who(srp(site, name, password)) == name


def test_blanks_around_a_password(site):
    for password in (" Leading-9-Blank", "Trailing-9-Blank "):
        with pytest.raises(APP.exceptions.ClientError) as caught:
            APP.sign_up(ClientId=site.client_id, Username=fresh(), Password=password)
        assert caught.value.response["Error"]["Code"] in ("InvalidParameterException", "InvalidPasswordException")


def test_an_administrator_may_move_an_alias():
    site = Site(pool={"AliasAttributes": ["email"]})
    email = fresh_email()
    first = site.user(email=email, email_verified="true")
    call = {
        "UserPoolId": site.id,
        "MessageAction": "SUPPRESS",
        "UserAttributes": [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}],
    }
    with refused("AliasExistsException"):
        ADMIN.admin_create_user(**call, Username=fresh())
    second = ADMIN.admin_create_user(**call, Username=fresh(), ForceAliasCreation=True)["User"]["Username"]
    assert ADMIN.admin_get_user(UserPoolId=site.id, Username=email)["Username"] == second
    assert first.attributes()["email_verified"] == "false"


def test_a_recovered_name_is_the_new_owners():
    site = Site(pool={"AutoVerifiedAttributes": ["email"], "UsernameAttributes": ["email"]})
    email = fresh_email()
    site.sign_up(email)
    APP.confirm_sign_up(ClientId=site.client_id, Username=email, ConfirmationCode=code_sent_to(email))
    old = ADMIN.admin_get_user(UserPoolId=site.id, Username=email)["Username"]
    ADMIN.admin_delete_user(UserPoolId=site.id, Username=email)
    site.sign_up(email)
    APP.confirm_sign_up(ClientId=site.client_id, Username=email, ConfirmationCode=code_sent_to(email))
    assert who(srp(site, email)) != old
