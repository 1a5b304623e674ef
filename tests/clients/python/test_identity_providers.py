"""The six operations on identity providers, of all six types."""

import pytest

from idps import AMAZON, APPLE, DISCOVERY, FACEBOOK, GOOGLE, METADATA, OIDC, document, serving
from people import ADMIN, UNCHECKED, Site, fresh, refused


@pytest.fixture
def pool():
    return ADMIN.create_user_pool(PoolName=fresh("pool"))["UserPool"]["Id"]


def create(pool, name, kind, details, **more):
    made = ADMIN.create_identity_provider(
        UserPoolId=pool, ProviderName=name, ProviderType=kind, ProviderDetails=details, **more
    )
    return made["IdentityProvider"]


def describe(pool, name):
    return ADMIN.describe_identity_provider(UserPoolId=pool, ProviderName=name)["IdentityProvider"]


def update(pool, name, **more):
    return ADMIN.update_identity_provider(UserPoolId=pool, ProviderName=name, **more)["IdentityProvider"]


# What DescribeIdentityProvider shows beyond what was said, by type, as the API reference has it.
FILLED_IN = {
    "Google": {
        "attributes_url": "https://people.googleapis.com/v1/people/me?personFields=",
        "attributes_url_add_attributes": "true",
        "authorize_url": "https://accounts.google.com/o/oauth2/v2/auth",
        "oidc_issuer": "https://accounts.google.com",
        "token_request_method": "POST",
        "token_url": "https://www.googleapis.com/oauth2/v4/token",
    },
    "Facebook": {
        "attributes_url": "https://graph.facebook.com/v17.0/me?fields=",
        "attributes_url_add_attributes": "true",
        "authorize_url": "https://www.facebook.com/v17.0/dialog/oauth",
        "token_request_method": "GET",
        "token_url": "https://graph.facebook.com/v17.0/oauth/access_token",
    },
    "LoginWithAmazon": {
        "attributes_url": "https://api.amazon.com/user/profile",
        "attributes_url_add_attributes": "false",
        "authorize_url": "https://www.amazon.com/ap/oa",
        "token_request_method": "POST",
        "token_url": "https://api.amazon.com/auth/o2/token",
    },
    "SignInWithApple": {
        "attributes_url_add_attributes": "false",
        "authorize_url": "https://appleid.apple.com/auth/authorize",
        "oidc_issuer": "https://appleid.apple.com",
        "token_request_method": "POST",
        "token_url": "https://appleid.apple.com/auth/token",
    },
    "OIDC": {"attributes_url_add_attributes": "false"},
    "SAML": {"SSORedirectBindingURI": "https://idp.example.com/sso"},
}


@pytest.mark.parametrize(
    ("kind", "name", "details", "subject"),
    [
        ("Google", "Google", GOOGLE, "sub"),
        ("Facebook", "Facebook", FACEBOOK, "id"),
        ("LoginWithAmazon", "LoginWithAmazon", AMAZON, "user_id"),
        ("SignInWithApple", "SignInWithApple", APPLE, "sub"),
        ("OIDC", "Company", OIDC, "sub"),
        ("SAML", "Corp", {"MetadataFile": METADATA, "IDPSignout": "true"}, None),
    ],
)
def test_a_provider_of_each_type(pool, kind, name, details, subject):
    made = create(pool, name, kind, details)
    shown = {key: value for key, value in details.items() if key != "private_key"}
    assert made["ProviderDetails"] == shown | FILLED_IN[kind]
    assert made["AttributeMapping"] == ({"username": subject} if subject else {})
    assert (made["ProviderName"], made["ProviderType"], made["UserPoolId"]) == (name, kind, pool)
    assert made["IdpIdentifiers"] == [] and "AcrMapping" not in made
    assert made["CreationDate"] == made["LastModifiedDate"]
    assert describe(pool, name) == made
    listed = ADMIN.list_identity_providers(UserPoolId=pool)["Providers"]
    members = ("ProviderName", "ProviderType", "CreationDate", "LastModifiedDate")
    assert listed == [{member: made[member] for member in members}]
    with refused("DuplicateProviderException", f"{name} already exists in user pool {pool}."):
        create(pool, name, kind, details)
    ADMIN.delete_identity_provider(UserPoolId=pool, ProviderName=name)
    assert ADMIN.list_identity_providers(UserPoolId=pool)["Providers"] == []
    for operation in (ADMIN.describe_identity_provider, ADMIN.delete_identity_provider):
        with refused("ResourceNotFoundException"):
            operation(UserPoolId=pool, ProviderName=name)
    with refused("ResourceNotFoundException"):
        update(pool, name, IdpIdentifiers=[])


def test_what_an_update_says_replaces_what_was(pool):
    create(pool, "Company", "OIDC", OIDC, IdpIdentifiers=["corp"], AcrMapping={"Level1": "urn:low"})
    found = ADMIN.get_identity_provider_by_identifier(UserPoolId=pool, IdpIdentifier="corp")["IdentityProvider"]
    assert found == describe(pool, "Company") and found["AcrMapping"] == {"Level1": "urn:low"}
    mapped = update(pool, "Company", AttributeMapping={"email": "mail", "username": "sub"})
    assert mapped["IdpIdentifiers"] == ["corp"] and mapped["ProviderDetails"] == found["ProviderDetails"]
    moved = update(pool, "Company", IdpIdentifiers=["example.com", "corp2"])
    assert moved["IdpIdentifiers"] == ["example.com", "corp2"]
    assert moved["AttributeMapping"] == {"email": "mail", "username": "sub"}
    with refused("ResourceNotFoundException"):
        ADMIN.get_identity_provider_by_identifier(UserPoolId=pool, IdpIdentifier="corp")
    changed = update(pool, "Company", ProviderDetails=OIDC | {"client_id": "other", "authorize_scopes": "openid"})
    assert changed["ProviderDetails"]["client_id"] == "other"
    assert changed["CreationDate"] == found["CreationDate"] < changed["LastModifiedDate"]
    assert describe(pool, "Company") == changed


def test_an_issuer_is_asked_for_its_endpoints(pool):
    said = {key: OIDC[key] for key in ("attributes_request_method", "authorize_scopes", "client_id", "client_secret")}
    with serving({DISCOVERY: (200, document())}) as (base, asked):
        made = create(pool, "Company", "OIDC", said | {"oidc_issuer": base})
        assert asked == [DISCOVERY]
    assert made["ProviderDetails"] == said | {
        "oidc_issuer": base,
        "authorize_url": f"{base}/go",
        "token_url": f"{base}/token",
        "attributes_url": f"{base}/me",
        "jwks_uri": f"{base}/keys",
        "attributes_url_add_attributes": "false",
    }
    for status, body in [(200, document(issuer="https://other.example")), (200, "no document"), (404, ""), (302, "")]:
        with serving({DISCOVERY: (status, body)}) as (base, _):
            with refused("InvalidParameterException", "Unable to contact well-known endpoint"):
                create(pool, "Other", "OIDC", said | {"oidc_issuer": base})
    # Nobody there, and what this server must not ask.
    for issuer in (base, "https://169.254.169.254", "https://10.0.0.1", "https://[::ffff:10.0.0.1]", "https://0xa.1"):
        with refused("InvalidParameterException", "Unable to contact well-known endpoint"):
            create(pool, "Other", "OIDC", said | {"oidc_issuer": issuer})


def test_saml_metadata_is_fetched(pool):
    with serving({"/metadata": (200, METADATA), "/broken": (200, METADATA.replace("HTTP-Redirect", "SOAP"))}) as (base, _):
        made = create(pool, "Corp", "SAML", {"MetadataURL": f"{base}/metadata"})
        assert made["ProviderDetails"] == {"MetadataURL": f"{base}/metadata"} | FILLED_IN["SAML"]
        words = "No SingleSignOn Http redirect binding location found in metadata."
        with refused("InvalidParameterException", words):
            create(pool, "Broken", "SAML", {"MetadataURL": f"{base}/broken"})
        words = f"Non-ok status code 404 returned from remote metadata source {base}/gone"
        with refused("InvalidParameterException", words):
            create(pool, "Gone", "SAML", {"MetadataURL": f"{base}/gone"})
    for document in ("<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>", "<x/>", "x"):
        with refused("InvalidParameterException"):
            create(pool, "Broken", "SAML", {"MetadataFile": document})


SOCIAL = "clientId, clientSecret and authorizeScopes are all required idp details."


@pytest.mark.parametrize(
    ("kind", "name", "details", "words"),
    [
        ("Google", "Google", {"client_id": "x"}, SOCIAL),
        ("Facebook", "Facebook", {}, SOCIAL),
        ("LoginWithAmazon", "LoginWithAmazon", {}, SOCIAL),
        ("SignInWithApple", "SignInWithApple", {}, "clientId, privateKey, teamId, and keyId are all required idp details."),
        (
            "OIDC", "Company", {},
            "clientId, authorizeScopes, oidcIssuer and attributesRequestMethod are all required idp details.",
        ),
        ("OIDC", "Company", OIDC | {"oidc_issuer": "auth.example.com"}, "OIDC endpoint must start with https://"),
        ("SAML", "Corp", {}, "At least one of the MetadataURL or MetadataFile should be provided."),
        (
            "SAML", "Corp", {"MetadataURL": "https://a.example", "MetadataFile": "<x/>"},
            "Only one of the MetadataURL or MetadataFile should be provided.",
        ),
        ("Google", "Mine", GOOGLE, "Provider Mine cannot be of type Google."),
        ("OIDC", "Google", OIDC, "Provider Google cannot be of type OIDC."),
    ],
)
def test_what_each_type_needs(pool, kind, name, details, words):
    with refused("InvalidParameterException", words):
        create(pool, name, kind, details)


def test_refusals(pool):
    for call in (
        lambda: create("us-east-1_nowhere", "Google", "Google", GOOGLE),
        lambda: ADMIN.list_identity_providers(UserPoolId="us-east-1_nowhere"),
        lambda: update("us-east-1_nowhere", "Google"),
        lambda: ADMIN.delete_identity_provider(UserPoolId="us-east-1_nowhere", ProviderName="Google"),
        lambda: ADMIN.get_identity_provider_by_identifier(UserPoolId="us-east-1_nowhere", IdpIdentifier="x"),
    ):
        with refused("ResourceNotFoundException"):
            call()
    for call in (
        lambda: UNCHECKED.create_identity_provider(UserPoolId=pool),
        lambda: create(pool, "_x_", "OIDC", OIDC),
        lambda: create(pool, "Company", "OpenID", OIDC),
        lambda: create(pool, "Company", "OIDC", OIDC, AttributeMapping={"custom:unknown": "x"}),
        lambda: create(pool, "Company", "OIDC", OIDC, IdpIdentifiers=["a", "a"]),
        lambda: create(pool, "Company", "OIDC", OIDC, IdpIdentifiers=["no/slash"]),
        lambda: UNCHECKED.get_identity_provider_by_identifier(UserPoolId=pool, IdpIdentifier=""),
        lambda: ADMIN.list_identity_providers(UserPoolId=pool, NextToken="made-up"),
        lambda: UNCHECKED.describe_identity_provider(UserPoolId=pool, ProviderName=""),
    ):
        with refused("InvalidParameterException"):
            call()
    for call in (
        lambda: update(pool, "COGNITO", IdpIdentifiers=[]),
        lambda: ADMIN.delete_identity_provider(UserPoolId=pool, ProviderName="COGNITO"),
    ):
        with refused("UnsupportedIdentityProviderException"):
            call()


def test_a_pool_has_a_limit_and_lists_in_pages(pool):
    for number in range(300):
        create(pool, f"Company{number:03}", "OIDC", OIDC)
    with refused("LimitExceededException"):
        create(pool, "Company300", "OIDC", OIDC)
    pages = [
        [provider["ProviderName"] for provider in page["Providers"]]
        for page in ADMIN.get_paginator("list_identity_providers").paginate(UserPoolId=pool, MaxResults=45)
    ]
    assert [len(page) for page in pages] == [45] * 6 + [30]
    assert [name for page in pages for name in page] == [f"Company{number:03}" for number in range(300)]


def test_clients_name_providers_that_are_there():
    site = Site()
    with refused("InvalidParameterException", f"The provider Google does not exist for User Pool {site.id}."):
        site.add_client(SupportedIdentityProviders=["COGNITO", "Google"])
    create(site.id, "Google", "Google", GOOGLE)
    client = site.add_client(SupportedIdentityProviders=["COGNITO", "Google"])
    ADMIN.delete_identity_provider(UserPoolId=site.id, ProviderName="Google")
    shown = ADMIN.describe_user_pool_client(UserPoolId=site.id, ClientId=client["ClientId"])["UserPoolClient"]
    assert shown["SupportedIdentityProviders"] == ["COGNITO"]
