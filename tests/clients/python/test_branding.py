"""Managed login branding and UI customization: what is sent comes back, what is wrong is refused, and what
Terraform's AWS provider reads after each of its steps is what it wrote."""

import copy
import struct
import zlib

import pytest
import requests
from botocore.exceptions import ClientError

from people import ADMIN, UNCHECKED, URL, Site, fresh, refused

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="24" height="12"><rect width="24" height="12" fill="#123"/></svg>'
CSS = ".label-customizable {font-weight: 400;}"
ONE_OF_TWO = "useCognitoProvidedValues or settings should be specified (but not both)"
NOWHERE = "us-east-1_nowhere"
NO_SUCH_ID = "11111111-1111-4111-8111-111111111111"


def png(width=2, height=1):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress(b"".join(b"\0" + b"\x12\x34\x56" * width for _ in range(height)))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def asset(category="FORM_LOGO", mode="LIGHT", extension="PNG", data=None, **more):
    return {"Category": category, "ColorMode": mode, "Extension": extension, "Bytes": data or png()} | more


@pytest.fixture
def site():
    return Site()


@pytest.fixture
def homed():
    """A site whose pool has a domain."""
    site = Site()
    ADMIN.create_user_pool_domain(Domain=fresh("brand"), UserPoolId=site.id)
    return site


def create(site, client=None, **settings):
    client = client or site.client_id
    made = ADMIN.create_managed_login_branding(UserPoolId=site.id, ClientId=client, **settings)
    return made["ManagedLoginBranding"]


def by_client(site, client=None, **more):
    client = client or site.client_id
    found = ADMIN.describe_managed_login_branding_by_client(UserPoolId=site.id, ClientId=client, **more)
    return found["ManagedLoginBranding"]


def describe(site, branding, **more):
    found = ADMIN.describe_managed_login_branding(
        UserPoolId=site.id, ManagedLoginBrandingId=branding["ManagedLoginBrandingId"], **more
    )
    return found["ManagedLoginBranding"]


def update(site, branding, **settings):
    updated = ADMIN.update_managed_login_branding(
        UserPoolId=site.id, ManagedLoginBrandingId=branding["ManagedLoginBrandingId"], **settings
    )
    return updated["ManagedLoginBranding"]


def test_an_exported_document_imports_unchanged(site):
    made = create(site, UseCognitoProvidedValues=True, Assets=[asset(), asset(mode="DARK", extension="SVG", data=SVG)])
    exported = by_client(site, ReturnMergedResources=True)
    assert exported["Settings"]["components"]["form"]["borderRadius"] == 8.0
    settings = copy.deepcopy(exported["Settings"])
    settings["components"]["form"]["borderRadius"] = 2.5
    settings["components"]["idpButton"]["custom"] = {"x": [1, None, "ü"]}
    other = site.add_client()["ClientId"]
    imported = create(site, other, Settings=settings, Assets=exported["Assets"])
    assert imported["Settings"] == settings
    assert imported["Assets"] == made["Assets"] == exported["Assets"]
    assert imported["Assets"][0]["Bytes"] == png() and imported["Assets"][1]["Bytes"] == SVG
    assert imported["UseCognitoProvidedValues"] is False
    read = by_client(site, other)
    assert read == imported == describe(site, imported)
    assert describe(site, imported, ReturnMergedResources=True)["Settings"] == settings


def test_a_branding_is_either_the_services_or_ones_own(site):
    for wrong in [{}, {"UseCognitoProvidedValues": False}, {"UseCognitoProvidedValues": True, "Settings": {"a": 1}}]:
        with refused("InvalidParameterException", ONE_OF_TWO):
            create(site, **wrong)
    made = create(site, UseCognitoProvidedValues=True)
    assert made["Assets"] == [] and "Settings" not in made
    with refused("InvalidParameterException", ONE_OF_TWO):
        update(site, made, UseCognitoProvidedValues=True, Settings={})
    with refused("ManagedLoginBrandingExistsException", f"A ManagedLoginBranding already exists for client {site.client_id}"):
        create(site, Settings={})


def test_properties_outside_the_schema_are_refused(site):
    made = create(site, Settings={})
    for settings, named in [
        ({"component": {}}, "component"),
        ({"components": {"form": {"borderRadius": 2.5, "colour": "red"}}}, "components.form.colour"),
    ]:
        sentence = f"Settings have an unknown property: {named}."
        with refused("InvalidParameterException", sentence):
            create(site, site.add_client()["ClientId"], Settings=settings)
        with refused("InvalidParameterException", sentence):
            update(site, made, Settings=settings)


def test_what_is_not_there_is_not_found(site):
    with refused("ResourceNotFoundException", f"ManagedLoginBranding for client {site.client_id} does not exist."):
        by_client(site)
    key = {"UserPoolId": site.id, "ManagedLoginBrandingId": NO_SUCH_ID}
    calls = [
        lambda key: ADMIN.describe_managed_login_branding(**key),
        lambda key: ADMIN.update_managed_login_branding(**key, Settings={}),
        lambda key: ADMIN.delete_managed_login_branding(**key),
    ]
    for call in calls:
        with refused("ResourceNotFoundException", "ManagedLoginBranding does not exist."):
            call(key)
        with refused("ResourceNotFoundException", f"User pool {NOWHERE} does not exist."):
            call(key | {"UserPoolId": NOWHERE})
    with refused("ResourceNotFoundException", "User pool client nobody does not exist."):
        create(site, "nobody", UseCognitoProvidedValues=True)
    # A branding's id means nothing in another pool.
    other = Site()
    foreign = create(other, UseCognitoProvidedValues=True)
    for call in calls:
        with refused("ResourceNotFoundException", "ManagedLoginBranding does not exist."):
            call({"UserPoolId": site.id, "ManagedLoginBrandingId": foreign["ManagedLoginBrandingId"]})
    assert describe(other, foreign) == foreign


def test_a_pool_has_twenty_at_most(site):
    for _ in range(20):
        create(site, site.add_client()["ClientId"], UseCognitoProvidedValues=True)
    with refused("LimitExceededException"):
        create(site, UseCognitoProvidedValues=True)


def test_the_lite_plan_has_no_branding():
    with refused("FeatureUnavailableInTierException"):
        create(Site(pool={"UserPoolTier": "LITE"}), UseCognitoProvidedValues=True)


@pytest.mark.parametrize(
    "wrong",
    [
        asset(data=SVG),
        asset(extension="SVG"),
        asset(extension="JPEG"),
        asset(extension="ICO"),
        asset(category="FAVICON_SVG"),
        asset(extension="SVG", data=b"<svg xmlns='http://www.w3.org/2000/svg'>"),
        asset(extension="SVG", data=b"<!DOCTYPE svg [<!ENTITY a 'b'>]><svg xmlns='http://www.w3.org/2000/svg'>&a;</svg>"),
        asset(data=b"<html><script>alert(1)</script>"),
    ],
)
def test_a_picture_is_what_it_is_said_to_be(site, wrong):
    with refused("InvalidParameterException"):
        create(site, UseCognitoProvidedValues=True, Assets=[wrong])
    with refused("ResourceNotFoundException"):
        by_client(site)


def test_sizes_are_bounded(site):
    def padded(length):
        return png() + b"\0" * (length - len(png()))

    with refused("InvalidParameterException"):
        create(site, UseCognitoProvidedValues=True, Assets=[asset(data=padded(1_000_001))])
    with refused("InvalidParameterException"):
        create(site, UseCognitoProvidedValues=True, Assets=[asset(ResourceId=str(n)) for n in range(41)])
    pair = [asset(data=padded(900_000)), asset(mode="DARK", data=padded(900_000))]
    with refused("InvalidParameterException", "The request is larger than 2 MB; send it in parts."):
        create(site, UseCognitoProvidedValues=True, Assets=pair)
    made = create(site, UseCognitoProvidedValues=True, Assets=pair[:1])
    assert update(site, made, Assets=pair[1:])["Assets"] == pair


def test_malformed_members_are_refused(site):
    key = {"UserPoolId": site.id, "ClientId": site.client_id, "UseCognitoProvidedValues": True}
    with refused("InvalidParameterException"):
        UNCHECKED.create_managed_login_branding(**key, Assets=[asset() | {"Category": "BANNER"}])
    with refused("InvalidParameterException"):
        UNCHECKED.create_managed_login_branding(**key, Assets=[asset(ResourceId="a/b")])
    with refused("InvalidParameterException"):
        ADMIN.describe_managed_login_branding(
            UserPoolId=site.id, ManagedLoginBrandingId="00000000-0000-0000-0000-000000000000"
        )
    del key["UseCognitoProvidedValues"]
    for settings in ["nope", [1], 7]:
        with refused("InvalidParameterException", "Settings must be a JSON object."):
            ADMIN.create_managed_login_branding(**key, Settings=settings)


def test_a_deleted_branding_is_gone(site):
    made = create(site, Settings={"components": {}})
    key = {"UserPoolId": site.id, "ManagedLoginBrandingId": made["ManagedLoginBrandingId"]}
    ADMIN.delete_managed_login_branding(**key)
    with refused("ResourceNotFoundException"):
        ADMIN.delete_managed_login_branding(**key)
    assert create(site, Settings={})["ManagedLoginBrandingId"] != made["ManagedLoginBrandingId"]


class TerraformBranding:
    """aws_cognito_managed_login_branding: what its source sends and reads (internal/service/cognitoidp)."""

    def __init__(self, site):
        self.site = site

    def create(self, settings=None, provided=None, assets=()):
        request = {"Settings": settings, "UseCognitoProvidedValues": provided, "Assets": list(assets) or None}
        self.made = create(self.site, **{name: value for name, value in request.items() if value is not None})
        # Computed members: the id, the flag, and the merged settings.
        merged = describe(self.site, self.made, ReturnMergedResources=True)
        return self.made["ManagedLoginBrandingId"], self.made["UseCognitoProvidedValues"], merged["Settings"]

    def update(self, settings=None, provided=None, assets=()):
        request = {"Settings": settings, "UseCognitoProvidedValues": provided, "Assets": list(assets) or None}
        update(self.site, self.made, **{name: value for name, value in request.items() if value is not None})
        describe(self.site, self.made, ReturnMergedResources=True)

    def read(self):
        """A refresh: its own values, the merged ones, and the client, for which it asks all of the pool's."""
        own = describe(self.site, self.made, ReturnMergedResources=False)
        merged = describe(self.site, self.made, ReturnMergedResources=True)
        owner = None
        for page in ADMIN.get_paginator("list_user_pool_clients").paginate(UserPoolId=self.site.id):
            for client in page["UserPoolClients"]:
                try:
                    found = by_client(self.site, client["ClientId"])
                except ClientError as error:
                    assert error.response["Error"]["Code"] == "ResourceNotFoundException"
                    continue
                if found["ManagedLoginBrandingId"] == own["ManagedLoginBrandingId"]:
                    owner = client["ClientId"]
        assets = {tuple(sorted(asset.items())) for asset in own["Assets"]}
        return owner, own["UseCognitoProvidedValues"], own.get("Settings"), merged["Settings"], assets


def frozen(*assets):
    return {tuple(sorted(asset.items())) for asset in assets}


def test_terraform_sees_no_drift_in_a_branding(site):
    site.add_client()
    terraform = TerraformBranding(site)
    footer, header = (asset(f"PAGE_{place}_BACKGROUND", "DARK", "SVG", SVG) for place in ["FOOTER", "HEADER"])

    # basic, with assets beside the service's own values.
    _, provided, merged = terraform.create(provided=True, assets=[footer, header])
    assert terraform.read() == (site.client_id, provided, None, merged, frozen(footer, header))

    # settings, then other settings, in place.
    settings = copy.deepcopy(merged)
    settings["components"]["form"]["backgroundImage"]["enabled"] = True
    terraform.update(settings=settings, assets=[footer, header])
    assert terraform.read() == (site.client_id, False, settings, settings, frozen(footer, header))
    settings = {"components": {"form": {"borderRadius": 8.0}}}
    terraform.update(settings=settings)
    owner, provided, own, _, assets = terraform.read()
    assert (owner, provided, own, assets) == (site.client_id, False, settings, frozen(footer, header))

    # back to the service's own values: no settings of its own are left.
    terraform.update(provided=True)
    assert terraform.read() == (site.client_id, True, None, merged, frozen(footer, header))

    # destroyed: a second destroy is no error to Terraform, which looks for this exception.
    key = {"UserPoolId": site.id, "ManagedLoginBrandingId": terraform.made["ManagedLoginBrandingId"]}
    ADMIN.delete_managed_login_branding(**key)
    with refused("ResourceNotFoundException"):
        ADMIN.describe_managed_login_branding(**key)


def customize(site, **settings):
    return ADMIN.set_ui_customization(UserPoolId=site.id, **settings)["UICustomization"]


def customization(site, **key):
    return ADMIN.get_ui_customization(UserPoolId=site.id, **key)["UICustomization"]


def test_terraform_sees_no_drift_in_a_customization(homed):
    """aws_cognito_user_pool_ui_customization: set, read, set again, and unset by setting nothing."""
    for client in ["ALL", homed.client_id]:
        for settings in [{"CSS": CSS}, {"CSS": CSS.replace("400", "100")}, {"ImageFile": png()}, {"CSS": CSS, "ImageFile": png(3)}]:
            customize(homed, ClientId=client, **settings)
            read = customization(homed, ClientId=client)
            assert read["ClientId"] == client and read["UserPoolId"] == homed.id
            assert read.get("CSS") == settings.get("CSS")
            assert ("CSSVersion" in read) == ("CSS" in settings)
            assert ("ImageUrl" in read) == ("ImageFile" in settings)
            assert read == customization(homed, ClientId=client)
            if "ImageUrl" in read:
                served = requests.get(read["ImageUrl"], timeout=10)
                assert served.content == settings["ImageFile"]
                assert served.headers["content-type"] == "image/png"
    # The client's goes, and it wears that of all; then nobody wears any.
    customize(homed, ClientId=homed.client_id)
    assert customization(homed, ClientId=homed.client_id)["ClientId"] == "ALL"
    customize(homed, ClientId="ALL")
    assert customization(homed, ClientId=homed.client_id) == {}


def test_a_customization_needs_a_domain_and_the_services_classes(site, homed):
    with refused("InvalidParameterException", "A domain must be associated with this user pool."):
        customize(site, CSS=CSS)
    with refused("InvalidParameterException", "The CSS class body is not in the list of allowed classes."):
        customize(homed, CSS="body { display: none }")
    for css in ["@import 'x';", f"{CSS} }} body {{ color: red }}", ".label-customizable { color: \\72 ed }", "</style>"]:
        with refused("InvalidParameterException"):
            customize(homed, CSS=css)
    with refused("InvalidParameterException"):
        customize(homed, ImageFile=SVG)
    with refused("InvalidParameterException"):
        customize(homed, ImageFile=png() + b"\0" * 102_400)
    for call in [customize, customization]:
        with refused("ResourceNotFoundException"):
            call(homed, ClientId="nobody")
        with refused("ResourceNotFoundException"):
            call(homed, ClientId=site.client_id)
    assert customization(homed) == {}


def test_a_served_drawing_can_do_nothing(site):
    evil = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(1)</script><rect/></svg>"
    made = create(site, UseCognitoProvidedValues=True, Assets=[asset(extension="SVG", data=evil)])
    # It is described as it was sent; what pages load is another matter (tests of the browser's door).
    assert made["Assets"][0]["Bytes"] == evil
    assert requests.get(f"{URL}/brand/{'0' * 64}.svg", timeout=10).status_code == 404
