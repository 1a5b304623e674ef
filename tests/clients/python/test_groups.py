"""Groups: made, joined, left, and told in tokens."""

import pytest

from people import ADMIN, REGION, Site, claims, fresh, refused

ROLE = "arn:aws:iam::000000000000:role/"


@pytest.fixture(scope="module")
def site():
    return Site()


def make(site, **settings):
    group = {"UserPoolId": site.id, "GroupName": fresh("group")}
    ADMIN.create_group(**group, **settings)
    return group


def test_a_group_lives_and_dies(site):
    group = make(site, Description="first", Precedence=5, RoleArn=f"{ROLE}first")
    read = ADMIN.get_group(**group)["Group"]
    assert read["Description"] == "first" and read["Precedence"] == 5 and read["RoleArn"] == f"{ROLE}first"
    assert read["UserPoolId"] == site.id and read["LastModifiedDate"] >= read["CreationDate"]
    with refused("GroupExistsException"):
        ADMIN.create_group(**group)
    updated = ADMIN.update_group(**group, Description="second", Precedence=0)["Group"]
    assert updated["Description"] == "second" and updated["Precedence"] == 0
    ADMIN.delete_group(**group)
    for call in (ADMIN.get_group, ADMIN.delete_group, ADMIN.update_group):
        with refused("ResourceNotFoundException", "Group not found."):
            call(**group)


def test_groups_are_listed_page_by_page(site):
    made = {make(site)["GroupName"] for _ in range(3)}
    pages = ADMIN.get_paginator("list_groups").paginate(UserPoolId=site.id, PaginationConfig={"PageSize": 2})
    listed = [group["GroupName"] for page in pages for group in page["Groups"]]
    assert made <= set(listed) and len(listed) == len(set(listed))
    with refused("ResourceNotFoundException"):
        ADMIN.list_groups(UserPoolId=f"{REGION}_Nowhere01")


def test_members_join_and_leave(site):
    group, users = make(site), [site.user() for _ in range(3)]
    for user in users:
        ADMIN.admin_add_user_to_group(**user.key, GroupName=group["GroupName"])
    # Twice is once.
    ADMIN.admin_add_user_to_group(**users[0].key, GroupName=group["GroupName"])
    pages = ADMIN.get_paginator("list_users_in_group").paginate(**group, PaginationConfig={"PageSize": 2})
    assert sorted(user["Username"] for page in pages for user in page["Users"]) == sorted(u.name for u in users)
    ADMIN.admin_remove_user_from_group(**users[0].key, GroupName=group["GroupName"])
    left = ADMIN.list_users_in_group(**group)["Users"]
    assert {user["Username"] for user in left} == {users[1].name, users[2].name}
    assert ADMIN.admin_list_groups_for_user(**users[0].key)["Groups"] == []
    (joined,) = ADMIN.admin_list_groups_for_user(**users[1].key)["Groups"]
    assert joined["GroupName"] == group["GroupName"]


def test_who_is_not_there_joins_nothing(site):
    group, user = make(site), site.user()
    absent, nobody = fresh("group"), {"UserPoolId": site.id, "Username": fresh()}
    for call in (ADMIN.admin_add_user_to_group, ADMIN.admin_remove_user_from_group):
        with refused("ResourceNotFoundException", "Group not found."):
            call(**user.key, GroupName=absent)
        with refused("UserNotFoundException", "User does not exist."):
            call(**nobody, GroupName=group["GroupName"])
    with refused("UserNotFoundException", "User does not exist."):
        ADMIN.admin_list_groups_for_user(**nobody)
    with refused("ResourceNotFoundException"):
        ADMIN.list_users_in_group(UserPoolId=site.id, GroupName=absent)


def test_tokens_tell_groups_by_precedence(site):
    low = make(site, Precedence=10, RoleArn=f"{ROLE}low")["GroupName"]
    high = make(site, Precedence=1, RoleArn=f"{ROLE}high")["GroupName"]
    bare = make(site)["GroupName"]
    tokens = site.user(groups=(low, high, bare)).sign_in()
    said = claims(tokens["IdToken"])
    assert said["cognito:groups"][0] == high
    assert sorted(said["cognito:groups"]) == sorted([low, high, bare])
    assert sorted(said["cognito:roles"]) == [f"{ROLE}high", f"{ROLE}low"]
    assert said["cognito:preferred_role"] == f"{ROLE}high"
    access = claims(tokens["AccessToken"])
    assert sorted(access["cognito:groups"]) == sorted([low, high, bare])
    assert "cognito:roles" not in access
    alone = claims(site.user().sign_in()["IdToken"])
    assert not {"cognito:groups", "cognito:roles", "cognito:preferred_role"} & set(alone)


def test_two_first_groups_prefer_no_role(site):
    groups = [make(site, Precedence=1, RoleArn=f"{ROLE}{name}")["GroupName"] for name in ("one", "two")]
    said = claims(site.user(groups=groups).sign_in()["IdToken"])
    assert "cognito:preferred_role" not in said
    assert sorted(said["cognito:roles"]) == [f"{ROLE}one", f"{ROLE}two"]


def test_a_deleted_group_is_told_no_more(site):
    group = make(site)
    user = site.user(groups=[group["GroupName"]])
    assert claims(user.sign_in()["AccessToken"])["cognito:groups"] == [group["GroupName"]]
    ADMIN.delete_group(**group)
    assert "cognito:groups" not in claims(user.sign_in()["AccessToken"])
