"""Users as administrators see them: invited, listed, searched, deleted."""

import pytest

from people import (
    ADMIN, OTHER_PASSWORD, PASSWORD, REGION, UNCHECKED, Site, fresh, fresh_email, messages, pairs, plain, refused,
)


@pytest.fixture(scope="module")
def site():
    return Site()


def create(site, name, attributes=None, **more):
    return ADMIN.admin_create_user(
        UserPoolId=site.id, Username=name, UserAttributes=pairs(attributes or {}), **more
    )["User"]


def test_an_invitation(site):
    name, email = fresh(), fresh_email()
    user = create(
        site, name, {"email": email, "email_verified": "true"}, DesiredDeliveryMediums=["EMAIL"]
    )
    assert user["Username"] == name and user["Enabled"] is True
    assert user["UserStatus"] == "FORCE_CHANGE_PASSWORD"
    assert set(plain(user["Attributes"])) == {"sub", "email", "email_verified"}
    (invitation,) = messages(email)
    assert name in invitation["text"]
    password = invitation["text"].split("temporary password is ")[1].split()[0].rstrip(".")
    start = site.start("USER_PASSWORD_AUTH", USERNAME=name, PASSWORD=password)
    assert start["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    create(site, name, MessageAction="RESEND", DesiredDeliveryMediums=["EMAIL"])
    assert len(messages(email)) == 2
    with refused("UsernameExistsException", "User account already exists"):
        create(site, name)


def test_a_silent_invitation(site):
    name, email = fresh(), fresh_email()
    create(site, name, {"email": email}, MessageAction="SUPPRESS", TemporaryPassword=PASSWORD)
    assert messages(email) == []
    start = site.start("USER_PASSWORD_AUTH", USERNAME=name, PASSWORD=PASSWORD)
    assert start["ChallengeName"] == "NEW_PASSWORD_REQUIRED"


def test_invitations_that_cannot_be(site):
    with refused("InvalidPasswordException"):
        create(site, fresh(), TemporaryPassword="short1", MessageAction="SUPPRESS")
    with refused("UserNotFoundException"):
        create(site, fresh(), MessageAction="RESEND")
    confirmed = site.user()
    with refused("UnsupportedUserStateException"):
        create(site, confirmed.name, MessageAction="RESEND")
    with refused("InvalidParameterException"):
        create(site, fresh(), {"custom:nowhere": "x"}, MessageAction="SUPPRESS")
    with refused("ResourceNotFoundException", f"User pool {REGION}_Nowhere01 does not exist."):
        ADMIN.admin_create_user(UserPoolId=f"{REGION}_Nowhere01", Username="ada")
    with refused("InvalidParameterException"):
        UNCHECKED.admin_create_user(UserPoolId=site.id, Username="")


def test_an_email_pool_names_its_users_itself():
    site = Site(pool={"UsernameAttributes": ["email"]})
    email = fresh_email()
    user = create(site, email, MessageAction="SUPPRESS", TemporaryPassword=PASSWORD)
    assert user["Username"] == plain(user["Attributes"])["sub"]
    assert plain(user["Attributes"])["email"] == email
    assert ADMIN.admin_get_user(UserPoolId=site.id, Username=email)["Username"] == user["Username"]


def test_read_and_delete(site):
    user = site.user(email=fresh_email(), name="Ada")
    read = user.read()
    assert read["Username"] == user.name and read["UserStatus"] == "CONFIRMED" and read["Enabled"] is True
    assert read["UserLastModifiedDate"] >= read["UserCreateDate"]
    assert not {"MFAOptions", "PreferredMfaSetting", "UserMFASettingList"} & set(read)
    before = ADMIN.describe_user_pool(UserPoolId=site.id)["UserPool"]["EstimatedNumberOfUsers"]
    ADMIN.admin_delete_user(**user.key)
    after = ADMIN.describe_user_pool(UserPoolId=site.id)["UserPool"]["EstimatedNumberOfUsers"]
    assert after == before - 1
    for call in (ADMIN.admin_get_user, ADMIN.admin_delete_user):
        with refused("UserNotFoundException", "User does not exist."):
            call(**user.key)


@pytest.fixture(scope="module")
def crowd():
    """A pool of 7, two of whom have their own ways."""
    site = Site(pool={"AliasAttributes": ["email"]})
    for number in range(5):
        site.user(f"member-{number}", email=f"member-{number}@example.com", email_verified="true")
    site.user("grace", email="grace@example.org", name="Grace Hopper", family_name="Hopper")
    ADMIN.admin_disable_user(UserPoolId=site.id, Username="grace")
    create(site, "invited", MessageAction="SUPPRESS", TemporaryPassword=OTHER_PASSWORD)
    return site


def names(site, **query):
    return {user["Username"] for user in ADMIN.list_users(UserPoolId=site.id, **query)["Users"]}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ('username = "grace"', {"grace"}),
        ('username ^= "member-"', {f"member-{n}" for n in range(5)}),
        ('email = "grace@example.org"', {"grace"}),
        ('email^="member-3"', {"member-3"}),
        ('name = "Grace Hopper"', {"grace"}),
        ('family_name ^= "Hop"', {"grace"}),
        ('status = "Disabled"', {"grace"}),
        ('cognito:user_status = "FORCE_CHANGE_PASSWORD"', {"invited"}),
        ('cognito:user_status = "force_change_password"', {"invited"}),
        ('username = "nobody"', set()),
        ('email = "say \\"hello\\""', set()),
    ],
)
def test_filters(crowd, query, found):
    assert names(crowd, Filter=query) == found


def test_a_sub_is_found(crowd):
    sub = plain(ADMIN.admin_get_user(UserPoolId=crowd.id, Username="grace")["UserAttributes"])["sub"]
    assert names(crowd, Filter=f'sub = "{sub}"') == {"grace"}


@pytest.mark.parametrize("query", ['username', 'username = grace', 'custom:x = "1"', 'username ~ "x"', 'locale = "en"'])
def test_filters_that_mean_nothing(crowd, query):
    with refused("InvalidParameterException"):
        names(crowd, Filter=query)


def test_users_are_listed_page_by_page(crowd):
    pages = list(
        ADMIN.get_paginator("list_users").paginate(UserPoolId=crowd.id, PaginationConfig={"PageSize": 3})
    )
    listed = [user["Username"] for page in pages for user in page["Users"]]
    assert len(listed) == len(set(listed)) == 7
    assert [len(page["Users"]) for page in pages] == [3, 3, 1]
    filtered = ADMIN.get_paginator("list_users").paginate(
        UserPoolId=crowd.id, Filter='username ^= "member-"', PaginationConfig={"PageSize": 2}
    )
    assert sorted(user["Username"] for page in filtered for user in page["Users"]) == [
        f"member-{n}" for n in range(5)
    ]
    with refused("InvalidParameterException"):
        names(crowd, PaginationToken="rubbish")
    with refused("InvalidParameterException"):
        UNCHECKED.list_users(UserPoolId=crowd.id, Limit=61)
    with refused("ResourceNotFoundException"):
        ADMIN.list_users(UserPoolId=f"{REGION}_Nowhere01")


def test_only_the_attributes_asked_for(crowd):
    users = ADMIN.list_users(UserPoolId=crowd.id, AttributesToGet=["email"], Filter='username = "grace"')
    (grace,) = users["Users"]
    assert plain(grace["Attributes"]) == {"email": "grace@example.org"}
    # Of those without it nothing is told but that.
    assert names(crowd, Filter='username = "invited"') == {"invited"}
