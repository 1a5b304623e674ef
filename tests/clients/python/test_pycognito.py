"""pycognito: SRP, authenticator, device, verified tokens, with nothing changed but where it calls."""

import pytest
import requests
from pycognito import Cognito
from pycognito.aws_srp import AWSSRP
from pycognito.exceptions import (
    ForceChangePasswordException,
    SoftwareTokenMFAChallengeException,
    TokenVerificationException,
)
from pycognito.utils import RequestsSrpAuth

from people import (
    ADMIN, APP, OTHER_PASSWORD, PASSWORD, URL, Authenticator, Site, code_sent_to, fresh, fresh_email, refused,
)


@pytest.fixture(scope="module")
def site():
    site = Site(pool={"AutoVerifiedAttributes": ["email"]})
    ADMIN.set_user_pool_mfa_config(
        UserPoolId=site.id, SoftwareTokenMfaConfiguration={"Enabled": True}, MfaConfiguration="OPTIONAL"
    )
    return site


def caller(site, name, **more):
    return Cognito(
        site.id,
        site.client_id,
        username=name,
        client_secret=site.secret,
        boto3_client_kwargs={"endpoint_url": URL},
        **more,
    )


def test_from_sign_up_to_sign_out(site):
    name, email = fresh(), fresh_email()
    cognito = caller(site, name)
    cognito.set_base_attributes(email=email, name="Ada")
    cognito.register(name, PASSWORD)
    cognito.confirm_sign_up(code_sent_to(email), username=name)
    cognito.authenticate(PASSWORD)
    cognito.verify_tokens()
    assert cognito.id_claims["email"] == email and cognito.access_claims["username"] == name
    user = cognito.get_user()
    assert user.email == email and user.email_verified is True
    cognito.update_profile({"name": "Ada Lovelace"})
    assert cognito.get_user().name == "Ada Lovelace"
    old = cognito.access_token
    cognito.renew_access_token()
    assert cognito.access_token != old and cognito.check_token() is False
    cognito.change_password(PASSWORD, OTHER_PASSWORD)
    cognito.logout()
    with refused("NotAuthorizedException", "Incorrect username or password."):
        cognito.authenticate(PASSWORD)
    cognito.authenticate(OTHER_PASSWORD)
    cognito.initiate_forgot_password()
    cognito.confirm_forgot_password(code_sent_to(email), PASSWORD)
    cognito.authenticate(PASSWORD)
    cognito.send_verification()
    cognito.validate_verification(code_sent_to(email))
    cognito.delete_user()


def test_a_client_with_a_secret():
    site = Site(client={"GenerateSecret": True})
    user = site.user(email=fresh_email())
    cognito = caller(site, user.name)
    cognito.authenticate(PASSWORD)
    cognito.renew_access_token()
    cognito.verify_tokens()


def test_as_an_administrator(site):
    user = site.user(email=fresh_email())
    cognito = caller(site, user.name)
    cognito.admin_authenticate(PASSWORD)
    cognito.verify_tokens()
    cognito.admin_update_profile({"nickname": "A"})
    assert cognito.admin_get_user().nickname == "A"
    group = fresh("group")
    ADMIN.create_group(UserPoolId=site.id, GroupName=group)
    cognito.admin_add_user_to_group(user.name, group)
    assert cognito.admin_list_groups_for_user(user.name) == [group]
    assert cognito.get_group(group).group_name == group
    assert user.name in {listed.username for listed in cognito.get_users()}


def test_a_forged_token_is_not_taken(site):
    cognito = caller(site, site.user().name)
    cognito.authenticate(PASSWORD)
    header, body, signature = cognito.access_token.split(".")
    with pytest.raises(TokenVerificationException):
        cognito.verify_token(f"{header}.{body}.{signature[:-8]}AAAAAAAA", "access_token", "access")
    with pytest.raises(TokenVerificationException):
        cognito.verify_token(cognito.id_token, "access_token", "access")


def test_a_temporary_password(site):
    name = fresh()
    ADMIN.admin_create_user(
        UserPoolId=site.id, Username=name, TemporaryPassword=PASSWORD, MessageAction="SUPPRESS"
    )
    cognito = caller(site, name)
    with pytest.raises(ForceChangePasswordException):
        cognito.authenticate(PASSWORD)
    cognito.new_password_challenge(PASSWORD, OTHER_PASSWORD)
    cognito.verify_tokens()


def test_an_authenticator(site):
    cognito = caller(site, site.user().name)
    cognito.authenticate(PASSWORD)
    app = Authenticator(cognito.associate_software_token())
    assert cognito.verify_software_token(app.code(), "phone")
    cognito.set_user_mfa_preference(sms_mfa=False, software_token_mfa=True, preferred="SOFTWARE_TOKEN")
    with pytest.raises(SoftwareTokenMFAChallengeException):
        cognito.authenticate(PASSWORD)
    cognito.respond_to_software_token_mfa_challenge(app.code())
    cognito.verify_tokens()


def test_a_remembered_device(monkeypatch):
    site = Site(
        pool={
            "DeviceConfiguration": {
                "ChallengeRequiredOnNewDevice": True,
                "DeviceOnlyRememberedOnUserPrompt": True,
            }
        }
    )
    # For devices pycognito writes Amazon's address into its calls; as a resolver would, lead them here.
    real = requests.post
    amazon = "https://cognito-idp.us-east-1.amazonaws.com/"
    monkeypatch.setattr(requests, "post", lambda url, **call: real(url.replace(amazon, f"{URL}/"), **call))

    user = site.user()

    def proof(**device):
        return AWSSRP(user.name, PASSWORD, site.id, site.client_id, client=APP, **device)

    first = proof()
    tokens = first.authenticate_user()
    response, password = first.confirm_device(tokens, "laptop")
    assert response.json() == {"UserConfirmationNecessary": True}
    access_token = tokens["AuthenticationResult"]["AccessToken"]
    first.update_device_status(True, access_token, first.device_key)
    again = proof(
        device_key=first.device_key, device_group_key=first.device_group_key, device_password=password
    ).authenticate_user()
    assert again["AuthenticationResult"]["AccessToken"]
    first.forget_device(access_token, first.device_key)
    with refused("ResourceNotFoundException", "Device does not exist."):
        APP.get_device(AccessToken=access_token, DeviceKey=first.device_key)


def test_requests_that_sign_themselves_in(site):
    user = site.user()
    auth = RequestsSrpAuth(
        username=user.name,
        password=PASSWORD,
        user_pool_id=site.id,
        user_pool_region="us-east-1",
        client_id=site.client_id,
        boto3_client_kwargs={"endpoint_url": URL},
    )
    prepared = requests.Request("GET", f"{URL}/", auth=auth).prepare()
    assert prepared.headers["Authorization"].startswith("Bearer ey")
