"""A person's own attributes: reading, writing, verifying."""

import pytest

from people import (
    ADMIN, APP, PASSWORD, Site, claims, code_sent_to, fresh_email, messages, pairs, plain, refused, wrong,
)


@pytest.fixture(scope="module")
def site():
    return Site(pool={"AutoVerifiedAttributes": ["email"]})


@pytest.fixture
def user(site):
    return site.user(email=fresh_email(), email_verified="true", name="Ada")


def update(token, **attributes):
    return APP.update_user_attributes(AccessToken=token, UserAttributes=pairs(attributes))


def test_read_write_delete(user):
    token = user.sign_in()["AccessToken"]
    read = APP.get_user(AccessToken=token)
    assert read["Username"] == user.name
    assert plain(read["UserAttributes"]) == user.attributes()
    answer = update(token, name="Ada Lovelace", nickname="A")
    assert answer["CodeDeliveryDetailsList"] == []
    assert user.attributes()["nickname"] == "A"
    update(token, nickname="")
    assert "nickname" not in user.attributes()
    APP.delete_user_attributes(AccessToken=token, UserAttributeNames=["name"])
    assert "name" not in user.attributes()
    with refused("NotAuthorizedException", "A client attempted to write unauthorized attribute"):
        update(token, **{"custom:nowhere": "x"})
    with refused("NotAuthorizedException", "A client attempted to write unauthorized attribute"):
        update(token, email_verified="true")
    with refused("NotAuthorizedException", "A client attempted to write unauthorized attribute"):
        APP.delete_user_attributes(AccessToken=token, UserAttributeNames=["custom:nowhere"])


def test_a_new_address_is_verified_by_code(user):
    token, email = user.sign_in()["AccessToken"], fresh_email()
    (delivery,) = update(token, email=email)["CodeDeliveryDetailsList"]
    assert delivery == {"Destination": "m***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email"}
    assert user.attributes()["email_verified"] == "false"
    code = code_sent_to(email)
    verify = {"AccessToken": token, "AttributeName": "email"}
    with refused("CodeMismatchException", "Invalid verification code provided, please try again."):
        APP.verify_user_attribute(**verify, Code=wrong(code))
    APP.verify_user_attribute(**verify, Code=code)
    assert user.attributes()["email_verified"] == "true"
    with refused("ExpiredCodeException", "Invalid code provided, please request a code again."):
        APP.verify_user_attribute(**verify, Code=code)


def test_a_code_can_be_asked_for(user):
    token, email = user.sign_in()["AccessToken"], user.attributes()["email"]
    ask = {"AccessToken": token, "AttributeName": "email"}
    assert APP.get_user_attribute_verification_code(**ask)["CodeDeliveryDetails"]["AttributeName"] == "email"
    APP.verify_user_attribute(**ask, Code=code_sent_to(email))
    with refused("InvalidParameterException"):
        APP.get_user_attribute_verification_code(AccessToken=token, AttributeName="name")
    with refused("LimitExceededException", "Attempt limit exceeded, please try after some time."):
        for _ in range(5):
            APP.get_user_attribute_verification_code(**ask)


def test_the_old_address_stays_until_the_new_one_is_verified():
    site = Site(
        pool={
            "AutoVerifiedAttributes": ["email"],
            "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]},
        }
    )
    old, new = fresh_email(), fresh_email()
    user = site.user(email=old, email_verified="true")
    token = user.sign_in()["AccessToken"]
    update(token, email=new)
    assert user.attributes() | {"email": old, "email_verified": "true"} == user.attributes()
    APP.verify_user_attribute(AccessToken=token, AttributeName="email", Code=code_sent_to(new))
    assert user.attributes() | {"email": new, "email_verified": "true"} == user.attributes()


def test_a_client_reads_and_writes_what_it_may(site):
    client = site.add_client(ReadAttributes=["email"], WriteAttributes=["name"])
    user = site.user(email=fresh_email(), name="Ada")
    answer = site.start("USER_PASSWORD_AUTH", client["ClientId"], USERNAME=user.typed, PASSWORD=PASSWORD)
    tokens = answer["AuthenticationResult"]
    seen = plain(APP.get_user(AccessToken=tokens["AccessToken"])["UserAttributes"])
    assert "email" in seen and "name" not in seen
    said = claims(tokens["IdToken"])
    assert "email" in said and "name" not in said
    update(tokens["AccessToken"], name="Grace")
    with refused("NotAuthorizedException", "A client attempted to write unauthorized attribute"):
        update(tokens["AccessToken"], nickname="G")


def test_an_alias_has_one_owner():
    site = Site(pool={"AliasAttributes": ["email", "preferred_username"]})
    taken = fresh_email()
    site.user(email=taken, email_verified="true", preferred_username="captain")
    other = site.user(email=fresh_email(), email_verified="true")
    with refused("AliasExistsException", "An account with the given email already exists."):
        ADMIN.admin_update_user_attributes(
            **other.key, UserAttributes=pairs({"email": taken, "email_verified": "true"})
        )
    with refused("AliasExistsException"):
        update(other.sign_in()["AccessToken"], preferred_username="captain")


def test_an_administrator_writes_anything_mutable(user):
    email = fresh_email()
    ADMIN.admin_update_user_attributes(
        **user.key, UserAttributes=pairs({"email": email, "email_verified": "true", "locale": "en"})
    )
    assert user.attributes() | {"email": email, "email_verified": "true", "locale": "en"} == user.attributes()
    assert messages(email) == []
    ADMIN.admin_delete_user_attributes(**user.key, UserAttributeNames=["locale"])
    assert "locale" not in user.attributes()
    with refused("InvalidParameterException"):
        ADMIN.admin_update_user_attributes(**user.key, UserAttributes=pairs({"sub": "another"}))
    gone = user.key | {"Username": "nobody-at-all"}
    with refused("UserNotFoundException", "User does not exist."):
        ADMIN.admin_update_user_attributes(**gone, UserAttributes=pairs({"name": "x"}))
    with refused("UserNotFoundException", "User does not exist."):
        ADMIN.admin_delete_user_attributes(**gone, UserAttributeNames=["name"])
