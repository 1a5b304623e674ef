"""User pools: what is made, what is read back, what an update resets."""

import re
from urllib.parse import urlparse

import pytest
import requests

from people import ADMIN, REGION, UNCHECKED, URL, Site, fresh, plain, refused

STANDARD_ATTRIBUTES = """
    sub name given_name family_name middle_name nickname preferred_username profile picture website email
    email_verified gender birthdate zoneinfo locale phone_number phone_number_verified address updated_at
""".split()


@pytest.fixture(scope="module")
def pool():
    return ADMIN.create_user_pool(PoolName="plain pool")["UserPool"]


def describe(pool):
    return ADMIN.describe_user_pool(UserPoolId=pool["Id"])["UserPool"]


def test_a_new_pool_has_cognitos_defaults(pool):
    assert re.fullmatch(rf"{REGION}_[0-9a-zA-Z]{{9,}}", pool["Id"])
    assert pool["Arn"] == f"arn:aws:cognito-idp:{REGION}:000000000000:userpool/{pool['Id']}"
    assert pool["Name"] == "plain pool"
    assert pool["Policies"]["PasswordPolicy"] == {
        "MinimumLength": 8,
        "RequireUppercase": True,
        "RequireLowercase": True,
        "RequireNumbers": True,
        "RequireSymbols": True,
        "TemporaryPasswordValidityDays": 7,
    }
    assert pool["DeletionProtection"] == "INACTIVE"
    assert pool["MfaConfiguration"] == "OFF"
    assert pool["UserPoolTier"] == "ESSENTIALS"
    assert pool["EstimatedNumberOfUsers"] == 0
    assert pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is False
    assert pool["EmailConfiguration"] == {"EmailSendingAccount": "COGNITO_DEFAULT"}
    assert pool["VerificationMessageTemplate"]["DefaultEmailOption"] == "CONFIRM_WITH_CODE"
    assert "AliasAttributes" not in pool and "UsernameAttributes" not in pool


def test_a_new_pool_has_the_standard_attributes(pool):
    schema = {attribute["Name"]: attribute for attribute in pool["SchemaAttributes"]}
    assert [name for name in schema if name != "identities"] == STANDARD_ATTRIBUTES
    assert schema["sub"] == {
        "Name": "sub",
        "AttributeDataType": "String",
        "DeveloperOnlyAttribute": False,
        "Mutable": False,
        "Required": True,
        "StringAttributeConstraints": {"MinLength": "1", "MaxLength": "2048"},
    }
    assert schema["birthdate"]["StringAttributeConstraints"] == {"MinLength": "10", "MaxLength": "10"}
    assert schema["email_verified"]["AttributeDataType"] == "Boolean"
    assert schema["updated_at"]["NumberAttributeConstraints"] == {"MinValue": "0"}


def test_what_was_made_is_what_is_described(pool):
    assert describe(pool) == pool


def test_settings_are_read_back_as_they_were_spoken():
    spoken = {
        "Policies": {
            "PasswordPolicy": {
                "MinimumLength": 12,
                "RequireUppercase": False,
                "RequireLowercase": True,
                "RequireNumbers": True,
                "RequireSymbols": False,
                "PasswordHistorySize": 3,
                "TemporaryPasswordValidityDays": 2,
            },
        },
        "DeletionProtection": "ACTIVE",
        "AutoVerifiedAttributes": ["email"],
        "AliasAttributes": ["email", "preferred_username"],
        "VerificationMessageTemplate": {
            "DefaultEmailOption": "CONFIRM_WITH_CODE",
            "EmailSubject": "Hello",
            "EmailMessage": "Your code is {####}",
        },
        "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]},
        "DeviceConfiguration": {
            "ChallengeRequiredOnNewDevice": True,
            "DeviceOnlyRememberedOnUserPrompt": True,
        },
        "UserPoolTags": {"stage": "test"},
        "AdminCreateUserConfig": {
            "AllowAdminCreateUserOnly": True,
            "InviteMessageTemplate": {
                "SMSMessage": "{username} {####}",
                "EmailMessage": "{username} {####}",
                "EmailSubject": "Come in",
            },
        },
        "UsernameConfiguration": {"CaseSensitive": False},
        "AccountRecoverySetting": {"RecoveryMechanisms": [{"Priority": 1, "Name": "verified_email"}]},
        "UserPoolTier": "PLUS",
        "UserPoolAddOns": {"AdvancedSecurityMode": "AUDIT"},
    }
    made = ADMIN.create_user_pool(PoolName="spoken", **spoken)["UserPool"]
    read = describe(made)
    for name, value in spoken.items():
        if name in ("Policies", "AdminCreateUserConfig", "VerificationMessageTemplate"):
            continue
        assert read[name] == value, name
    assert read["Policies"]["PasswordPolicy"] == spoken["Policies"]["PasswordPolicy"]
    assert read["AdminCreateUserConfig"].items() >= spoken["AdminCreateUserConfig"].items()
    assert read["VerificationMessageTemplate"].items() >= spoken["VerificationMessageTemplate"].items()
    assert ADMIN.list_tags_for_resource(ResourceArn=read["Arn"])["Tags"] == {"stage": "test"}


def test_an_update_changes_what_it_says():
    pool = ADMIN.create_user_pool(
        PoolName="before",
        AutoVerifiedAttributes=["email"],
        UsernameAttributes=["email"],
        Policies={"PasswordPolicy": {"MinimumLength": 20}},
        EmailVerificationSubject="subject",
    )["UserPool"]
    ADMIN.update_user_pool(UserPoolId=pool["Id"], PoolName="after", MfaConfiguration="OFF")
    after = describe(pool)
    assert after["Name"] == "after"
    # What is not said stays, except the attributes that are verified by themselves.
    assert "AutoVerifiedAttributes" not in after
    assert after["Policies"]["PasswordPolicy"]["MinimumLength"] == 20
    assert after["EmailVerificationSubject"] == "subject"
    # Fixed for good when the pool was made.
    assert after["UsernameAttributes"] == ["email"]
    assert after["SchemaAttributes"] == pool["SchemaAttributes"]
    assert after["CreationDate"] == pool["CreationDate"]
    assert after["LastModifiedDate"] >= pool["LastModifiedDate"]
    with refused("ResourceNotFoundException"):
        ADMIN.update_user_pool(UserPoolId=f"{REGION}_Nowhere01")


def test_a_protected_pool_cannot_be_deleted():
    pool = ADMIN.create_user_pool(PoolName="kept", DeletionProtection="ACTIVE")["UserPool"]
    with refused("InvalidParameterException"):
        ADMIN.delete_user_pool(UserPoolId=pool["Id"])
    ADMIN.update_user_pool(UserPoolId=pool["Id"], DeletionProtection="INACTIVE")
    ADMIN.delete_user_pool(UserPoolId=pool["Id"])
    with refused("ResourceNotFoundException", f"User pool {pool['Id']} does not exist."):
        describe(pool)


def test_pools_are_listed_page_by_page():
    made = {ADMIN.create_user_pool(PoolName=fresh("listed"))["UserPool"]["Id"] for _ in range(3)}
    pages = list(ADMIN.get_paginator("list_user_pools").paginate(PaginationConfig={"PageSize": 2}))
    listed = [pool["Id"] for page in pages for pool in page["UserPools"]]
    assert made <= set(listed)
    assert len(listed) == len(set(listed)) and all(len(page["UserPools"]) <= 2 for page in pages)
    with refused("InvalidParameterException"):
        UNCHECKED.list_user_pools(MaxResults=61)


def test_alias_and_username_attributes_exclude_one_another():
    with refused("InvalidParameterException"):
        ADMIN.create_user_pool(PoolName="both", AliasAttributes=["email"], UsernameAttributes=["email"])


def test_messages_must_carry_the_code():
    with refused("InvalidParameterException"):
        ADMIN.create_user_pool(PoolName="no code", EmailVerificationMessage="Welcome, and that is all.")


def test_every_broken_constraint_is_named_in_one_sentence():
    with refused(
        "InvalidParameterException",
        "1 validation error detected: Value null at 'poolName' failed to satisfy constraint: "
        "Member must not be null",
    ):
        UNCHECKED.create_user_pool()
    with refused(
        "InvalidParameterException",
        "1 validation error detected: Value 'PERHAPS' at 'mfaConfiguration' failed to satisfy constraint: "
        "Member must satisfy enum value set: [OFF, ON, OPTIONAL]",
    ):
        UNCHECKED.create_user_pool(PoolName="x", MfaConfiguration="PERHAPS")


def test_custom_attributes_are_added_once_and_for_good():
    site = Site()
    number = {
        "Name": "seat",
        "AttributeDataType": "Number",
        "NumberAttributeConstraints": {"MinValue": "1", "MaxValue": "10"},
    }
    ADMIN.add_custom_attributes(
        UserPoolId=site.id, CustomAttributes=[number, {"Name": "team", "AttributeDataType": "String"}]
    )
    schema = {entry["Name"]: entry for entry in describe({"Id": site.id})["SchemaAttributes"]}
    assert schema["custom:seat"]["NumberAttributeConstraints"] == {"MinValue": "1", "MaxValue": "10"}
    assert schema["custom:team"]["Required"] is False
    with refused("InvalidParameterException"):
        ADMIN.add_custom_attributes(UserPoolId=site.id, CustomAttributes=[number])
    with refused("InvalidParameterException", "Required custom attributes are not supported currently."):
        ADMIN.add_custom_attributes(UserPoolId=site.id, CustomAttributes=[{"Name": "x", "Required": True}])
    user = site.user(**{"custom:seat": "7"})
    assert user.attributes()["custom:seat"] == "7"
    for value in ("0", "11", "seven"):
        with refused("InvalidParameterException"):
            ADMIN.admin_update_user_attributes(
                **user.key, UserAttributes=[{"Name": "custom:seat", "Value": value}]
            )
    assert plain(user.read()["UserAttributes"])["custom:seat"] == "7"


def test_custom_attributes_come_with_the_pool():
    schema = [
        {"Name": "tenant", "AttributeDataType": "String", "Mutable": False},
        {"Name": "email", "AttributeDataType": "String", "Required": True, "Mutable": True},
    ]
    pool = ADMIN.create_user_pool(PoolName="schema", Schema=schema)["UserPool"]
    read = {entry["Name"]: entry for entry in pool["SchemaAttributes"]}
    assert read["email"]["Required"] is True
    assert read["custom:tenant"]["Mutable"] is False
    with refused("InvalidParameterException"):
        ADMIN.create_user_pool(PoolName="x", Schema=[{"Name": "email", "AttributeDataType": "Number"}])


def test_tags():
    pool = ADMIN.create_user_pool(PoolName="tagged", UserPoolTags={"a": "1"})["UserPool"]
    arn = pool["Arn"]
    ADMIN.tag_resource(ResourceArn=arn, Tags={"b": "2", "a": "3"})
    assert ADMIN.list_tags_for_resource(ResourceArn=arn)["Tags"] == {"a": "3", "b": "2"}
    ADMIN.untag_resource(ResourceArn=arn, TagKeys=["a", "absent"])
    assert ADMIN.list_tags_for_resource(ResourceArn=arn)["Tags"] == {"b": "2"}
    assert describe(pool)["UserPoolTags"] == {"b": "2"}
    elsewhere = f"arn:aws:cognito-idp:{REGION}:000000000000:userpool/{REGION}_Nowhere01"
    for call in (
        lambda: ADMIN.list_tags_for_resource(ResourceArn=elsewhere),
        lambda: ADMIN.tag_resource(ResourceArn=elsewhere, Tags={"a": "1"}),
        lambda: ADMIN.untag_resource(ResourceArn=elsewhere, TagKeys=["a"]),
    ):
        with refused("ResourceNotFoundException"):
            call()


def test_mfa_configuration():
    pool = ADMIN.create_user_pool(PoolName="factors")["UserPool"]
    key = {"UserPoolId": pool["Id"]}
    assert ADMIN.get_user_pool_mfa_config(**key)["MfaConfiguration"] == "OFF"
    ADMIN.set_user_pool_mfa_config(
        **key, SoftwareTokenMfaConfiguration={"Enabled": True}, MfaConfiguration="OPTIONAL"
    )
    read = ADMIN.get_user_pool_mfa_config(**key)
    assert read["SoftwareTokenMfaConfiguration"] == {"Enabled": True}
    assert read["MfaConfiguration"] == "OPTIONAL"
    assert describe(pool)["MfaConfiguration"] == "OPTIONAL"
    # A pool that demands a factor must offer one.
    with refused("InvalidParameterException"):
        ADMIN.set_user_pool_mfa_config(
            **key, SoftwareTokenMfaConfiguration={"Enabled": False}, MfaConfiguration="ON"
        )
    gone = {"UserPoolId": f"{REGION}_Nowhere01"}
    with refused("ResourceNotFoundException"):
        ADMIN.get_user_pool_mfa_config(**gone)
    with refused("ResourceNotFoundException"):
        ADMIN.set_user_pool_mfa_config(**gone, MfaConfiguration="OFF")


def test_domains():
    site, prefix = Site(), fresh("house")
    assert ADMIN.describe_user_pool_domain(Domain=prefix)["DomainDescription"] == {}
    ADMIN.create_user_pool_domain(Domain=prefix, UserPoolId=site.id)
    described = ADMIN.describe_user_pool_domain(Domain=prefix)["DomainDescription"]
    assert described["UserPoolId"] == site.id
    assert described["Domain"] == prefix
    assert described["AWSAccountId"] == "000000000000"
    assert described["Status"] == "ACTIVE"
    assert describe({"Id": site.id})["Domain"] == prefix
    with refused("InvalidParameterException"):
        ADMIN.create_user_pool_domain(Domain=prefix, UserPoolId=Site().id)
    with refused("InvalidParameterException"):
        ADMIN.create_user_pool_domain(Domain=fresh("second"), UserPoolId=site.id)
    with refused("InvalidParameterException"):
        ADMIN.delete_user_pool(UserPoolId=site.id)
    ADMIN.update_user_pool_domain(Domain=prefix, UserPoolId=site.id, ManagedLoginVersion=2)
    assert ADMIN.describe_user_pool_domain(Domain=prefix)["DomainDescription"]["ManagedLoginVersion"] == 2
    ADMIN.delete_user_pool_domain(Domain=prefix, UserPoolId=site.id)
    assert "Domain" not in describe({"Id": site.id})
    with refused("InvalidParameterException"):
        ADMIN.update_user_pool_domain(Domain=prefix, UserPoolId=site.id, ManagedLoginVersion=1)
    with refused("InvalidParameterException"):
        ADMIN.delete_user_pool_domain(Domain=prefix, UserPoolId=site.id)
    with refused("InvalidParameterException"):
        UNCHECKED.describe_user_pool_domain(Domain="Not A Domain")


def test_issuer_names_this_server():
    pool = ADMIN.create_user_pool(PoolName="issuer")["UserPool"]
    document = requests.get(f"{URL}/{pool['Id']}/.well-known/openid-configuration", timeout=10).json()
    assert document["issuer"] == f"{URL}/{pool['Id']}"
    keys = requests.get(document["jwks_uri"], timeout=10).json()["keys"]
    assert urlparse(document["jwks_uri"]).path == f"/{pool['Id']}/.well-known/jwks.json"
    assert {(key["kty"], key["alg"], key["use"]) for key in keys} == {("RSA", "RS256", "sig")}
    assert len({key["kid"] for key in keys}) == len(keys) >= 2
