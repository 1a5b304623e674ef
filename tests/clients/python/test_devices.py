"""Remembered devices: announced at sign-in, confirmed by a verifier, taken in place of a second factor."""

import re

import pytest
from pycognito.aws_srp import AWSSRP, generate_hash_device

from people import ADMIN, APP, PASSWORD, REGION, Site, fresh, refused

NO_DEVICE = "Device does not exist."


def make_site(on_prompt):
    site = Site(
        pool={
            "DeviceConfiguration": {
                "ChallengeRequiredOnNewDevice": True,
                "DeviceOnlyRememberedOnUserPrompt": on_prompt,
            }
        }
    )
    ADMIN.set_user_pool_mfa_config(
        UserPoolId=site.id, SoftwareTokenMfaConfiguration={"Enabled": True}, MfaConfiguration="OPTIONAL"
    )
    return site


@pytest.fixture(scope="module")
def site():
    return make_site(on_prompt=False)


@pytest.fixture(scope="module")
def prompting():
    return make_site(on_prompt=True)


class Device:
    """A device of a person who has just signed in."""

    def __init__(self, user):
        self.user = user
        site = user.site
        proof = AWSSRP(user.typed, PASSWORD, site.id, site.client_id, client=APP)
        tokens = proof.authenticate_user()["AuthenticationResult"]
        self.token, self.refresh_token = tokens["AccessToken"], tokens["RefreshToken"]
        self.key = tokens["NewDeviceMetadata"]["DeviceKey"]
        self.group = tokens["NewDeviceMetadata"]["DeviceGroupKey"]
        self.password, self.verifier = generate_hash_device(self.group, self.key)
        self.mine = {"AccessToken": self.token, "DeviceKey": self.key}
        self.admin = user.key | {"DeviceKey": self.key}

    def confirm(self):
        answer = APP.confirm_device(**self.mine, DeviceSecretVerifierConfig=self.verifier, DeviceName="laptop")
        return answer["UserConfirmationNecessary"]

    def sign_in(self):
        """By password and device, both with SRP."""
        site = self.user.site
        return AWSSRP(
            self.user.typed,
            PASSWORD,
            site.id,
            site.client_id,
            client=APP,
            device_key=self.key,
            device_group_key=self.group,
            device_password=self.password,
        ).authenticate_user()


def test_a_device_is_announced_and_confirmed(site):
    device = Device(site.user())
    assert re.fullmatch(rf"{REGION}_[0-9a-f-]{{36}}", device.key)
    assert device.confirm() is False
    with refused("DeviceKeyExistsException"):
        device.confirm()
    read = APP.get_device(**device.mine)["Device"]
    assert read["DeviceKey"] == device.key
    assert {a["Name"]: a.get("Value") for a in read["DeviceAttributes"]}["device_name"] == "laptop"
    assert [d["DeviceKey"] for d in APP.list_devices(AccessToken=device.token)["Devices"]] == [device.key]
    assert ADMIN.admin_get_device(**device.admin)["Device"] == read
    assert ADMIN.admin_list_devices(**device.user.key)["Devices"] == [read]


def test_a_remembered_device_stands_for_the_second_factor(site):
    device = Device(site.user())
    device.confirm()
    device.user.enrol_totp(device.token)
    assert device.user.start()["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    tokens = device.sign_in()["AuthenticationResult"]
    assert "NewDeviceMetadata" not in tokens
    device.password = generate_hash_device(device.group, device.key)[0]
    with refused("NotAuthorizedException", "Incorrect username or password."):
        device.sign_in()


def test_a_device_is_only_remembered_when_asked_to_be(prompting):
    device = Device(prompting.user())
    assert device.confirm() is True
    device.user.enrol_totp(device.token)
    start = device.user.start(DEVICE_KEY=device.key)
    assert start["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    APP.update_device_status(**device.mine, DeviceRememberedStatus="remembered")
    assert device.user.start(DEVICE_KEY=device.key)["ChallengeName"] == "DEVICE_SRP_AUTH"
    APP.update_device_status(**device.mine, DeviceRememberedStatus="not_remembered")
    assert device.user.start(DEVICE_KEY=device.key)["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    ADMIN.admin_update_device_status(**device.admin, DeviceRememberedStatus="remembered")
    assert device.user.start(DEVICE_KEY=device.key)["ChallengeName"] == "DEVICE_SRP_AUTH"


def test_a_device_is_forgotten(site):
    device = Device(site.user())
    device.confirm()
    APP.forget_device(**device.mine)
    for call in (APP.get_device, APP.forget_device):
        with refused("ResourceNotFoundException", NO_DEVICE):
            call(**device.mine)
    with refused("ResourceNotFoundException", NO_DEVICE):
        APP.update_device_status(**device.mine, DeviceRememberedStatus="remembered")
    with refused("InvalidParameterException", "Invalid device key given."):
        device.confirm()
    with refused("ResourceNotFoundException", NO_DEVICE):
        device.sign_in()
    other = Device(device.user)
    ADMIN.admin_forget_device(**other.admin)
    assert ADMIN.admin_list_devices(**device.user.key)["Devices"] == []
    for call in (ADMIN.admin_get_device, ADMIN.admin_forget_device):
        with refused("ResourceNotFoundException", NO_DEVICE):
            call(**other.admin)
    with refused("ResourceNotFoundException", NO_DEVICE):
        ADMIN.admin_update_device_status(**other.admin, DeviceRememberedStatus="remembered")
    # AdminListDevices declares no UserNotFoundException.
    with refused("ResourceNotFoundException"):
        ADMIN.admin_list_devices(UserPoolId=f"{REGION}_Nowhere01", Username=fresh())


def test_devices_are_listed_page_by_page(site):
    user = site.user()
    keys = set()
    for _ in range(3):
        device = Device(user)
        device.confirm()
        keys.add(device.key)
    seen, token = [], {}
    while True:
        page = APP.list_devices(AccessToken=device.token, Limit=2, **token)
        seen += [entry["DeviceKey"] for entry in page["Devices"]]
        if "PaginationToken" not in page:
            break
        token = {"PaginationToken": page["PaginationToken"]}
    assert sorted(seen) == sorted(keys)
    with refused("NotAuthorizedException", "Invalid Access Token"):
        APP.list_devices(AccessToken="no.such.token")


def test_a_refresh_needs_its_device(site):
    device = Device(site.user())
    device.confirm()
    with refused("NotAuthorizedException", "Invalid Refresh Token."):
        site.start("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=device.refresh_token)
    refreshed = site.start("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=device.refresh_token, DEVICE_KEY=device.key)
    assert refreshed["AuthenticationResult"]["AccessToken"]
    tokens = APP.get_tokens_from_refresh_token(
        RefreshToken=device.refresh_token, ClientId=site.client_id, DeviceKey=device.key
    )
    assert tokens["AuthenticationResult"]["AccessToken"]


def test_a_sign_in_by_the_password_itself_has_no_device(site):
    user = site.user()
    tokens = user.sign_in()
    assert "NewDeviceMetadata" not in tokens
    assert site.start("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=tokens["RefreshToken"])["AuthenticationResult"]
    unconfirmed = Device(user)
    with refused("NotAuthorizedException", "Invalid Refresh Token."):
        site.start("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=unconfirmed.refresh_token)
    with refused("InvalidParameterException", "Invalid device key given."):
        another = Device(user).mine | {"DeviceKey": unconfirmed.key}
        APP.confirm_device(**another, DeviceSecretVerifierConfig=unconfirmed.verifier)


def test_a_pool_without_devices_announces_none():
    site = Site()
    user = site.user()
    tokens = user.sign_in()
    assert "NewDeviceMetadata" not in tokens
    assert user.sign_in(DEVICE_KEY=f"{REGION}_00000000-0000-4000-8000-000000000000")
