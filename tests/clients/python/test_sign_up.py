"""Signing up: codes, usernames of every kind, confirmation, resending."""

import pytest
import requests

from people import (
    ADMIN, APP, PASSWORD, UNCHECKED, Site, code_sent_to, fresh, fresh_email, messages, refused, wrong,
)

CODE_MISMATCH = "Invalid verification code provided, please try again."


@pytest.fixture(scope="module")
def site():
    return Site(pool={"AutoVerifiedAttributes": ["email"]})


def confirm(site, username, code, **more):
    return APP.confirm_sign_up(ClientId=site.client_id, Username=username, ConfirmationCode=code, **more)


def test_sign_up_and_confirm(site):
    email = fresh_email()
    user, answer = site.sign_up(email=email, name="Ada")
    assert answer["UserConfirmed"] is False
    assert answer["CodeDeliveryDetails"] == {
        "Destination": "m***@e***",
        "DeliveryMedium": "EMAIL",
        "AttributeName": "email",
    }
    assert user.attributes()["sub"] == answer["UserSub"]
    assert user.read()["UserStatus"] == "UNCONFIRMED"
    with refused("UserNotConfirmedException", "User is not confirmed."):
        user.sign_in()
    code = code_sent_to(email)
    assert len(code) == 6 and code.isdigit()
    with refused("CodeMismatchException", CODE_MISMATCH):
        confirm(site, user.typed, wrong(code))
    confirm(site, user.typed, code)
    assert user.read()["UserStatus"] == "CONFIRMED"
    assert user.attributes() == {
        "sub": answer["UserSub"],
        "email": email,
        "email_verified": "true",
        "name": "Ada",
    }
    assert user.sign_in()["TokenType"] == "Bearer"
    with refused("NotAuthorizedException", "User cannot be confirmed. Current status is CONFIRMED"):
        confirm(site, user.typed, code)


def test_the_mail_says_what_the_pool_words():
    site = Site(
        pool={
            "AutoVerifiedAttributes": ["email"],
            "VerificationMessageTemplate": {
                "EmailSubject": "Your key",
                "EmailMessage": "Use {####} today.",
                "DefaultEmailOption": "CONFIRM_WITH_CODE",
            },
        }
    )
    email = fresh_email()
    site.sign_up(email=email)
    (message,) = messages(email)
    assert message["subject"] == "Your key"
    assert f"Use {message['code']} today." in message["text"]


def test_a_link_confirms_once_and_says_so_again():
    site = Site(
        pool={
            "AutoVerifiedAttributes": ["email"],
            "VerificationMessageTemplate": {
                "DefaultEmailOption": "CONFIRM_WITH_LINK",
                "EmailSubjectByLink": "Join us",
                "EmailMessageByLink": "<p>Dear {username}, {##Verify Email##}</p>",
            },
        }
    )
    email = fresh_email()
    user, _ = site.sign_up(email=email)
    (message,) = messages(email)
    link = message["link"]
    assert message["subject"] == "Join us"
    assert message["html"] == f'<p>Dear {user.typed}, <a href="{link.replace("&", "&amp;")}">Verify Email</a></p>'
    assert requests.head(link, timeout=10).status_code == 200
    assert user.read()["UserStatus"] == "UNCONFIRMED"
    for _ in range(2):
        page = requests.get(link, timeout=10)
        assert page.status_code == 200 and "is confirmed" in page.text
    assert user.read()["UserStatus"] == "CONFIRMED"
    assert user.attributes()["email_verified"] == "true"
    assert requests.get(link[:-6] + wrong(link[-6:]), timeout=10).status_code == 400


def test_a_new_code_voids_the_old_one(site):
    email = fresh_email()
    user, _ = site.sign_up(email=email)
    old = code_sent_to(email)
    answer = APP.resend_confirmation_code(ClientId=site.client_id, Username=user.typed)
    assert answer["CodeDeliveryDetails"]["AttributeName"] == "email"
    new = code_sent_to(email)
    assert len(messages(email)) == 2
    if new != old:
        with refused("CodeMismatchException", CODE_MISMATCH):
            confirm(site, user.typed, old)
    confirm(site, user.typed, new)
    with refused("InvalidParameterException", "User is already confirmed."):
        APP.resend_confirmation_code(ClientId=site.client_id, Username=user.typed)


def test_resending_has_an_hourly_limit(site):
    user, _ = site.sign_up(email=fresh_email())
    for _ in range(5):
        APP.resend_confirmation_code(ClientId=site.client_id, Username=user.typed)
    with refused("LimitExceededException", "Attempt limit exceeded, please try after some time."):
        APP.resend_confirmation_code(ClientId=site.client_id, Username=user.typed)


def test_an_administrator_confirms_without_a_code(site):
    user, _ = site.sign_up(email=fresh_email())
    ADMIN.admin_confirm_sign_up(**user.key)
    read = user.read()
    assert read["UserStatus"] == "CONFIRMED"
    assert user.attributes().get("email_verified", "false") == "false"
    with refused("NotAuthorizedException", "User cannot be confirmed. Current status is CONFIRMED"):
        ADMIN.admin_confirm_sign_up(**user.key)
    with refused("UserNotFoundException", "User does not exist."):
        ADMIN.admin_confirm_sign_up(UserPoolId=site.id, Username=fresh())


def test_a_username_is_taken_once(site):
    user, _ = site.sign_up()
    with refused("UsernameExistsException", "User already exists"):
        site.sign_up(user.typed)


@pytest.mark.parametrize(
    ("password", "complaint"),
    [
        ("Short-1", "Password not long enough"),
        ("lower-case-1", "Password must have uppercase characters"),
        ("UPPER-CASE-1", "Password must have lowercase characters"),
        ("No-Number-Here", "Password must have numeric characters"),
        ("NoSymbol12345", "Password must have symbol characters"),
    ],
)
def test_the_password_policy_complains_in_cognitos_words(site, password, complaint):
    with refused("InvalidPasswordException", f"Password did not conform with policy: {complaint}"):
        APP.sign_up(ClientId=site.client_id, Username=fresh(), Password=password)


def test_attributes_must_fit_the_schema(site):
    with refused("InvalidParameterException", "Invalid email address format."):
        site.sign_up(email="nobody")
    with refused("InvalidParameterException", "Invalid phone number format."):
        site.sign_up(phone_number="12345")
    with refused("NotAuthorizedException", "A client attempted to write unauthorized attribute"):
        site.sign_up(**{"custom:nowhere": "x"})
    with refused("InvalidParameterException"):
        site.sign_up(birthdate="1999")
    # Nobody may vouch for their own address.
    with refused("NotAuthorizedException", "A client attempted to write unauthorized attribute"):
        site.sign_up(email=fresh_email(), email_verified="true")


def test_required_attributes_are_asked_for():
    required = [
        {"Name": name, "AttributeDataType": "String", "Required": True, "Mutable": True}
        for name in ("email", "name")
    ]
    site = Site(pool={"Schema": required})
    with refused(
        "InvalidParameterException",
        "Attributes did not conform to the schema: name: The attribute is required\n",
    ):
        site.sign_up(email=fresh_email())
    site.sign_up(email=fresh_email(), name="Ada")


def test_a_pool_may_leave_sign_up_to_administrators():
    site = Site(pool={"AdminCreateUserConfig": {"AllowAdminCreateUserOnly": True}})
    with refused("NotAuthorizedException", "SignUp is not permitted for this user pool"):
        site.sign_up()


def test_the_messages_of_broken_constraints(site):
    with refused(
        "InvalidParameterException",
        "1 validation error detected: Value null at 'username' failed to satisfy constraint: "
        "Member must not be null",
    ):
        UNCHECKED.sign_up(ClientId=site.client_id, Password=PASSWORD)
    with refused(
        "InvalidParameterException",
        "2 validation errors detected: Value at 'clientId' failed to satisfy constraint: Member "
        r"must satisfy regular expression pattern: [\w+]+; Value at 'username' failed to satisfy "
        r"constraint: Member must satisfy regular expression pattern: [\p{L}\p{M}\p{S}\p{N}\p{P}]+",
    ):
        UNCHECKED.sign_up(ClientId="no such id!", Username="a b", Password=PASSWORD)
    with refused("InvalidParameterException"):
        UNCHECKED.confirm_sign_up(ClientId=site.client_id, Username="ada", ConfirmationCode="no digits")


def test_codes_never_asked_for_have_expired(site):
    user = site.user()
    other, _ = site.sign_up()
    with refused("ExpiredCodeException", "Invalid code provided, please request a code again."):
        confirm(site, other.typed, "123456")
    with refused("NotAuthorizedException", "User cannot be confirmed. Current status is CONFIRMED"):
        confirm(site, user.typed, "123456")


def test_an_email_address_as_the_username():
    site = Site(pool={"UsernameAttributes": ["email"], "AutoVerifiedAttributes": ["email"]})
    email = fresh_email()
    _, answer = site.sign_up(email)
    read = ADMIN.admin_get_user(UserPoolId=site.id, Username=email)
    assert read["Username"] == answer["UserSub"]
    with refused("UsernameExistsException", "An account with the given email already exists."):
        site.sign_up(email)
    for typed in ("ada", "+12065550100"):
        with refused("InvalidParameterException", "Username should be an email."):
            site.sign_up(typed)
    confirm(site, email, code_sent_to(email))
    tokens = site.start("USER_PASSWORD_AUTH", USERNAME=email, PASSWORD=PASSWORD)["AuthenticationResult"]
    assert APP.get_user(AccessToken=tokens["AccessToken"])["Username"] == answer["UserSub"]
    # The internal name signs in as well.
    site.start("USER_PASSWORD_AUTH", USERNAME=answer["UserSub"], PASSWORD=PASSWORD)


def test_a_phone_number_as_the_username():
    phone = {"UsernameAttributes": ["phone_number"], "AutoVerifiedAttributes": ["phone_number"]}
    with refused("InvalidParameterException"):
        Site(pool=phone)
    role = "arn:aws:iam::000000000000:role/texts"
    site = Site(pool=phone | {"SmsConfiguration": {"SnsCallerArn": role, "ExternalId": "texts"}})
    number = "+1206" + str(int(fresh()[-8:], 16))[-7:].zfill(7)
    _, answer = site.sign_up(number)
    assert answer["CodeDeliveryDetails"] == {
        "Destination": f"+*******{number[-4:]}",
        "DeliveryMedium": "SMS",
        "AttributeName": "phone_number",
    }
    confirm(site, number, code_sent_to(number))
    assert site.start("USER_PASSWORD_AUTH", USERNAME=number, PASSWORD=PASSWORD)["AuthenticationResult"]
    either = Site(pool={"UsernameAttributes": ["email", "phone_number"]})
    with refused("InvalidParameterException", "Username should be either an email or a phone number."):
        either.sign_up("ada")


def test_an_alias_is_owned_by_who_verified_it():
    site = Site(pool={"AliasAttributes": ["email"], "AutoVerifiedAttributes": ["email"]})
    email = fresh_email()
    with refused(
        "InvalidParameterException",
        "Username cannot be of email format, since user pool is configured for email alias.",
    ):
        site.sign_up(email)
    first, _ = site.sign_up(email=email)
    with refused("UserNotFoundException", "User does not exist."):
        site.start("USER_PASSWORD_AUTH", USERNAME=email, PASSWORD=PASSWORD)
    confirm(site, first.typed, code_sent_to(email))
    assert signed_in_as(site, email) == first.name
    second, _ = site.sign_up(email=email)
    code = code_sent_to(email)
    with refused("AliasExistsException", "An account with the email already exists."):
        confirm(site, second.typed, code)
    assert signed_in_as(site, email) == first.name
    APP.resend_confirmation_code(ClientId=site.client_id, Username=second.typed)
    confirm(site, second.typed, code_sent_to(email), ForceAliasCreation=True)
    assert signed_in_as(site, email) == second.name
    assert first.attributes()["email_verified"] == "false"


def signed_in_as(site, typed):
    tokens = site.start("USER_PASSWORD_AUTH", USERNAME=typed, PASSWORD=PASSWORD)["AuthenticationResult"]
    return APP.get_user(AccessToken=tokens["AccessToken"])["Username"]


def test_case_counts_only_where_the_pool_says_so():
    sensitive, insensitive = Site(), Site(pool={"UsernameConfiguration": {"CaseSensitive": False}})
    name = fresh("Ada")
    sensitive.sign_up(name)
    sensitive.sign_up(name.upper())
    insensitive.sign_up(name)
    with refused("UsernameExistsException", "User already exists"):
        insensitive.sign_up(name.upper())
    ADMIN.admin_confirm_sign_up(UserPoolId=insensitive.id, Username=name.upper())
    assert signed_in_as(insensitive, name.swapcase()) == name.lower()
