"""App clients and resource servers."""

import re

import pytest

from people import ADMIN, APP, PASSWORD, REGION, UNCHECKED, Site, fresh, refused


@pytest.fixture(scope="module")
def site():
    return Site()


def describe(site, client):
    return ADMIN.describe_user_pool_client(UserPoolId=site.id, ClientId=client["ClientId"])["UserPoolClient"]


def make(site, **settings):
    return ADMIN.create_user_pool_client(UserPoolId=site.id, ClientName="app", **settings)["UserPoolClient"]


def test_a_new_client_has_cognitos_defaults(site):
    client = make(site)
    assert re.fullmatch(r"[a-z0-9]{26}", client["ClientId"])
    assert "ClientSecret" not in client
    assert client["RefreshTokenValidity"] == 30
    assert client["EnableTokenRevocation"] is True
    assert client["EnablePropagateAdditionalUserContextData"] is False
    assert client["AuthSessionValidity"] == 3
    assert client["AllowedOAuthFlowsUserPoolClient"] is False
    assert "ReadAttributes" not in client and "WriteAttributes" not in client
    assert describe(site, client) == client


def test_a_secret_is_made_or_brought(site):
    made = make(site, GenerateSecret=True)
    assert re.fullmatch(r"[a-z0-9]{51}", made["ClientSecret"])
    assert describe(site, made)["ClientSecret"] == made["ClientSecret"]
    brought = make(site, ClientSecret="an_own_secret_of_30_characters")
    assert describe(site, brought)["ClientSecret"] == "an_own_secret_of_30_characters"
    with refused("InvalidParameterException"):
        make(site, GenerateSecret=True, ClientSecret="an_own_secret_of_30_characters")


def test_settings_are_read_back_and_reset_by_an_update(site):
    spoken = {
        "RefreshTokenValidity": 2,
        "AccessTokenValidity": 10,
        "IdTokenValidity": 20,
        "TokenValidityUnits": {"AccessToken": "minutes", "IdToken": "minutes", "RefreshToken": "hours"},
        "ReadAttributes": ["email", "name"],
        "WriteAttributes": ["name"],
        "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"],
        "SupportedIdentityProviders": ["COGNITO"],
        "CallbackURLs": ["https://app.example/in", "http://localhost:4000/in", "myapp://in"],
        "LogoutURLs": ["https://app.example/out"],
        "DefaultRedirectURI": "https://app.example/in",
        "AllowedOAuthFlows": ["code"],
        "AllowedOAuthScopes": ["openid", "email"],
        "AllowedOAuthFlowsUserPoolClient": True,
        "PreventUserExistenceErrors": "ENABLED",
        "EnableTokenRevocation": False,
        "AuthSessionValidity": 5,
    }
    client = make(site, **spoken)
    read = describe(site, client)
    for name, value in spoken.items():
        if name in ("ReadAttributes", "WriteAttributes", "ExplicitAuthFlows", "AllowedOAuthScopes"):
            assert set(read[name]) == set(value), name
        else:
            assert read[name] == value, name
    updated = ADMIN.update_user_pool_client(
        UserPoolId=site.id, ClientId=client["ClientId"], ClientName="later"
    )["UserPoolClient"]
    assert updated["ClientName"] == "later"
    for name in ("RefreshTokenValidity", "EnableTokenRevocation", "PreventUserExistenceErrors", "AuthSessionValidity"):
        assert updated[name] == spoken[name], name
    for name in ("CallbackURLs", "LogoutURLs", "ReadAttributes", "DefaultRedirectURI", "AllowedOAuthFlows"):
        assert name not in updated, name
    assert updated["AllowedOAuthFlowsUserPoolClient"] is False
    assert describe(site, client) == updated


@pytest.mark.parametrize(
    "settings",
    [
        {"CallbackURLs": ["http://app.example/in"]},
        {"CallbackURLs": ["https://app.example/in#fragment"]},
        {"CallbackURLs": ["/in"]},
        {"CallbackURLs": ["https://app.example/a"], "DefaultRedirectURI": "https://app.example/b"},
        {"ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "USER_PASSWORD_AUTH"]},
        {"AccessTokenValidity": 4, "TokenValidityUnits": {"AccessToken": "minutes"}},
        {"AccessTokenValidity": 25},
        {"RefreshTokenValidity": 30, "TokenValidityUnits": {"RefreshToken": "minutes"}},
        {
            "RefreshTokenValidity": 60,
            "AccessTokenValidity": 2,
            "TokenValidityUnits": {"RefreshToken": "minutes", "AccessToken": "hours"},
        },
        {"ReadAttributes": ["custom:nowhere"]},
        {"WriteAttributes": ["email_verified"]},
    ],
    ids=lambda settings: "-".join(settings),
)
def test_settings_that_cannot_be(site, settings):
    with refused("InvalidParameterException"):
        make(site, **settings)


def test_unknown_scopes_and_impossible_grants(site):
    code = {
        "CallbackURLs": ["https://app.example/in"],
        "AllowedOAuthFlowsUserPoolClient": True,
        "SupportedIdentityProviders": ["COGNITO"],
    }
    with refused("ScopeDoesNotExistException"):
        make(site, AllowedOAuthFlows=["code"], AllowedOAuthScopes=["openid", "nowhere/read"], **code)
    with refused("InvalidOAuthFlowException"):
        make(
            site,
            GenerateSecret=True,
            AllowedOAuthFlows=["code", "client_credentials"],
            AllowedOAuthScopes=["openid"],
            **code,
        )
    # Without a secret there is nothing to prove a machine by.
    with refused("InvalidOAuthFlowException"):
        make(site, AllowedOAuthFlows=["client_credentials"], AllowedOAuthFlowsUserPoolClient=True)


def test_clients_are_listed_and_deleted(site):
    made = {make(site)["ClientId"] for _ in range(3)}
    pages = list(
        ADMIN.get_paginator("list_user_pool_clients").paginate(
            UserPoolId=site.id, PaginationConfig={"PageSize": 2}
        )
    )
    listed = [client for page in pages for client in page["UserPoolClients"]]
    assert made <= {client["ClientId"] for client in listed}
    assert all(client["UserPoolId"] == site.id for client in listed)
    gone = made.pop()
    ADMIN.delete_user_pool_client(UserPoolId=site.id, ClientId=gone)
    text = f"User pool client {gone} does not exist."
    with refused("ResourceNotFoundException", text):
        describe(site, {"ClientId": gone})
    with refused("ResourceNotFoundException"):
        ADMIN.delete_user_pool_client(UserPoolId=site.id, ClientId=gone)
    with refused("ResourceNotFoundException"):
        ADMIN.update_user_pool_client(UserPoolId=site.id, ClientId=gone)
    with refused("ResourceNotFoundException", text):
        APP.sign_up(ClientId=gone, Username="anybody", Password=PASSWORD)


def test_a_client_belongs_to_its_pool(site):
    other = Site()
    with refused("ResourceNotFoundException"):
        ADMIN.describe_user_pool_client(UserPoolId=site.id, ClientId=other.client_id)
    with refused("ResourceNotFoundException"):
        ADMIN.create_user_pool_client(UserPoolId=f"{REGION}_Nowhere01", ClientName="x")
    with refused("ResourceNotFoundException"):
        ADMIN.list_user_pool_clients(UserPoolId=f"{REGION}_Nowhere01")
    with refused("InvalidParameterException"):
        UNCHECKED.describe_user_pool_client(UserPoolId="no pool id", ClientId=site.client_id)


def test_resource_servers(site):
    key = {"UserPoolId": site.id, "Identifier": fresh("https://things")}
    read = {"ScopeName": "read", "ScopeDescription": "See things"}
    write = {"ScopeName": "write", "ScopeDescription": "Change things"}
    made = ADMIN.create_resource_server(**key, Name="things", Scopes=[read])["ResourceServer"]
    assert made == {**key, "Name": "things", "Scopes": [read]}
    with refused("InvalidParameterException"):
        ADMIN.create_resource_server(**key, Name="again")
    updated = ADMIN.update_resource_server(**key, Name="all things", Scopes=[read, write])["ResourceServer"]
    assert updated["Name"] == "all things"
    described = ADMIN.describe_resource_server(**key)["ResourceServer"]
    assert {scope["ScopeName"] for scope in described["Scopes"]} == {"read", "write"}
    listed = ADMIN.list_resource_servers(UserPoolId=site.id, MaxResults=50)["ResourceServers"]
    assert key["Identifier"] in {server["Identifier"] for server in listed}
    with refused("InvalidParameterException"):
        UNCHECKED.list_resource_servers(UserPoolId=site.id, MaxResults=51)
    machine = make(
        site,
        GenerateSecret=True,
        AllowedOAuthFlows=["client_credentials"],
        AllowedOAuthScopes=[f"{key['Identifier']}/read"],
        AllowedOAuthFlowsUserPoolClient=True,
    )
    assert machine["AllowedOAuthScopes"] == [f"{key['Identifier']}/read"]
    ADMIN.delete_resource_server(**key)
    for call in (ADMIN.describe_resource_server, ADMIN.delete_resource_server):
        with refused("ResourceNotFoundException"):
            call(**key)
    with refused("ResourceNotFoundException"):
        ADMIN.update_resource_server(**key, Name="x")
