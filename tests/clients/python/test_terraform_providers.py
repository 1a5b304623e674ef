"""Replays what Terraform's AWS provider does for the resource `aws_cognito_identity_provider`: the calls of its
create, read, update, import and delete, and how it compares what it reads with the configuration.

It follows internal/service/cognitoidp/identity_provider.go and the steps of its acceptance tests.
"""

import copy

import pytest

from idps import GOOGLE, METADATA, OIDC
from people import ADMIN, fresh, refused

# What the provider does not plan to take away where a configuration leaves it out.
GOOGLES_OWN = {
    "attributes_url": "https://people.googleapis.com/v1/people/me?personFields=",
    "attributes_url_add_attributes": "true",
    "authorize_url": "https://accounts.google.com/o/oauth2/v2/auth",
    "oidc_issuer": "https://accounts.google.com",
    "token_request_method": "POST",
    "token_url": "https://www.googleapis.com/oauth2/v4/token",
}


class Resource:
    """One resource: its configuration, and the state that was last read."""

    def __init__(self, pool, name, kind, **config):
        self.key = {"UserPoolId": pool, "ProviderName": name}
        self.kind, self.config, self.state = kind, config, None

    def create(self):
        members = {
            "AttributeMapping": self.config.get("attribute_mapping"),
            "IdpIdentifiers": self.config.get("idp_identifiers"),
            "ProviderDetails": self.config.get("provider_details"),
        }
        said = {member: value for member, value in members.items() if value}
        ADMIN.create_identity_provider(**self.key, ProviderType=self.kind, **said)
        self.read()

    def read(self):
        provider = ADMIN.describe_identity_provider(**self.key)["IdentityProvider"]
        self.state = {
            "attribute_mapping": provider.get("AttributeMapping", {}),
            "idp_identifiers": provider.get("IdpIdentifiers", []),
            "provider_details": provider.get("ProviderDetails", {}),
            "provider_name": provider["ProviderName"],
            "provider_type": provider["ProviderType"],
            "user_pool_id": provider["UserPoolId"],
        }

    def update(self):
        """Calls with the members that have changed, then reads."""
        said = {}
        if "attribute_mapping" in self.plan():
            said["AttributeMapping"] = self.config["attribute_mapping"]
        if "idp_identifiers" in self.plan():
            said["IdpIdentifiers"] = self.config.get("idp_identifiers", [])
        if "provider_details" in self.plan():
            details = dict(self.config["provider_details"])
            details.pop("ActiveEncryptionCertificate", None)
            said["ProviderDetails"] = details
        ADMIN.update_identity_provider(**self.key, **said)
        self.read()

    def imported(self):
        """The state that an import makes of the id alone."""
        pool, name = f"{self.key['UserPoolId']}:{self.key['ProviderName']}".split(":")
        other = Resource(pool, name, None)
        other.read()
        return other.state

    def delete(self):
        ADMIN.delete_identity_provider(**self.key)

    def plan(self):
        """The members that a plan would change."""
        changed = set()
        # Optional and computed: what the configuration leaves out is as it is.
        mapping = self.config.get("attribute_mapping")
        if mapping is not None and mapping != self.state["attribute_mapping"]:
            changed.add("attribute_mapping")
        if self.config.get("idp_identifiers", []) != self.state["idp_identifiers"]:
            changed.add("idp_identifiers")
        said, read = self.config["provider_details"], self.state["provider_details"]
        if any(read.get(key) != value for key, value in said.items()):
            changed.add("provider_details")
        if any(not self.is_own(key, value) for key, value in read.items() if key not in said):
            changed.add("provider_details")
        return changed

    def is_own(self, key, value):
        if self.kind == "Google":
            return GOOGLES_OWN.get(key) == value
        if self.kind == "SAML":
            by_file = "MetadataFile" in self.config["provider_details"]
            return key == "ActiveEncryptionCertificate" or (key == "SSORedirectBindingURI" and by_file)
        return False

    def apply(self, **config):
        self.config = self.config | config
        self.update()


@pytest.fixture
def pool():
    return ADMIN.create_user_pool(PoolName=fresh("pool"), AutoVerifiedAttributes=["email"])["UserPool"]["Id"]


def settled(resource):
    assert resource.plan() == set(), (resource.config, resource.state)
    read = copy.deepcopy(resource.state)
    resource.read()
    assert resource.state == read
    assert resource.imported() == read


def test_basic(pool):
    details = GOOGLE | GOOGLES_OWN | {"authorize_scopes": "email"}
    resource = Resource(pool, "Google", "Google", provider_details=details)
    resource.create()
    assert resource.state["attribute_mapping"] == {"username": "sub"}
    assert resource.state["provider_details"] == details and len(details) == 9
    settled(resource)
    changed = details | {"client_id": "new-client-id.apps.googleusercontent.com", "client_secret": "updated_client_secret"}
    resource.apply(provider_details=changed, attribute_mapping={"email": "email", "username": "sub"})
    assert resource.state["provider_details"] == changed
    assert resource.state["attribute_mapping"] == {"email": "email", "username": "sub"}
    settled(resource)


def test_what_google_says_itself_is_no_drift(pool):
    resource = Resource(pool, "Google", "Google", provider_details=GOOGLE)
    resource.create()
    settled(resource)
    resource.apply(provider_details=GOOGLE | {"authorize_scopes": "openid"})
    assert resource.state["provider_details"] == GOOGLE | GOOGLES_OWN | {"authorize_scopes": "openid"}
    settled(resource)


def test_idp_identifiers(pool):
    resource = Resource(pool, "Google", "Google", provider_details=GOOGLE, idp_identifiers=["test"])
    resource.create()
    settled(resource)
    resource.apply(idp_identifiers=["test2"])
    assert resource.state["idp_identifiers"] == ["test2"]
    settled(resource)
    resource.apply(idp_identifiers=[])
    settled(resource)


def test_saml(pool):
    def details(encrypted):
        return {"EncryptedResponses": encrypted, "MetadataFile": METADATA}

    mapping = {"email": "email"}
    resource = Resource(pool, fresh("saml"), "SAML", provider_details=details("false"), attribute_mapping=mapping)
    resource.create()
    assert resource.state["attribute_mapping"] == mapping
    assert resource.state["provider_details"]["SSORedirectBindingURI"] == "https://idp.example.com/sso"
    settled(resource)
    resource.apply(provider_details=details("true"))
    assert resource.state["provider_details"]["EncryptedResponses"] == "true"
    settled(resource)


def test_oidc_with_its_endpoints(pool):
    details = OIDC | {"attributes_url_add_attributes": "false"}
    resource = Resource(pool, "Company", "OIDC", provider_details=details)
    resource.create()
    settled(resource)
    resource.apply(provider_details=details | {"attributes_request_method": "POST"})
    settled(resource)


def test_disappears(pool):
    resource = Resource(pool, "Google", "Google", provider_details=GOOGLE)
    resource.create()
    resource.delete()
    with refused("ResourceNotFoundException"):
        resource.read()
    # The provider takes this for done.
    with refused("ResourceNotFoundException"):
        resource.delete()
    resource.create()
    ADMIN.delete_user_pool(UserPoolId=pool)
    with refused("ResourceNotFoundException"):
        resource.read()
