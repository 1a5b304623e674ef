"""Pools, app clients and the people in them, made through the service's own API."""

import base64
import contextlib
import hashlib
import hmac
import json
import os
import time
import uuid

import boto3
import pyotp
import pytest
import requests
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

import wire

URL = os.environ["LATCHKEY_URL"]
REGION = "us-east-1"
PASSWORD = "Correct-Horse-9-Battery"
OTHER_PASSWORD = "Staple-Battery-7-Horse"
EVERY_FLOW = [
    "ALLOW_USER_PASSWORD_AUTH",
    "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "ALLOW_USER_SRP_AUTH",
    "ALLOW_REFRESH_TOKEN_AUTH",
]


def make_client(**overrides):
    """A boto3 client whose answers are walked; nothing of it is changed but where it calls."""
    config = Config(retries={"total_max_attempts": 1}).merge(overrides.pop("config", Config()))
    settings = {
        "region_name": REGION,
        "endpoint_url": URL,
        "aws_access_key_id": "local",
        "aws_secret_access_key": "local",
    }
    return wire.watch(boto3.client("cognito-idp", config=config, **settings | overrides))


# As an administrator's back end calls, and as an app does.
ADMIN = make_client()
APP = make_client(config=Config(signature_version=UNSIGNED))
# Sends what botocore itself would refuse, so that the service has to.
UNCHECKED = make_client(config=Config(parameter_validation=False))


@contextlib.contextmanager
def refused(code, message=None):
    """Expects this error, and where given exactly this text."""
    with pytest.raises(ClientError) as caught:
        yield
    error = caught.value.response["Error"]
    assert error["Code"] == code, error
    assert message is None or error["Message"] == message, error


LOCKED = "Password attempts exceeded"


def fail_until_locked(attempt):
    """Makes an attempt that fails until it is refused unseen; gives all its texts. The lock lasts a second at
    first and doubles, so that a slow machine meets it after some more."""
    texts = []
    while LOCKED not in texts and len(texts) < 12:
        with pytest.raises(ClientError) as caught:
            attempt()
        texts.append(caught.value.response["Error"]["Message"])
    return texts


def fresh(prefix="user"):
    """A name nobody has."""
    return f"{prefix}-{uuid.uuid4().hex[:12]}"


def fresh_email():
    return f"{fresh('mail')}@example.com"


def pairs(attributes):
    return [{"Name": name, "Value": value} for name, value in attributes.items()]


def plain(listed):
    return {entry["Name"]: entry.get("Value") for entry in listed}


def claims(token):
    """What a JWT says, unverified."""
    body = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))


def messages(to):
    """The dev mailbox's messages to an address, newest first."""
    answer = requests.get(f"{URL}/_latchkey/mailbox", params={"to": to}, timeout=10)
    answer.raise_for_status()
    return answer.json()


def code_sent_to(address):
    """The newest code that went there."""
    return next(message["code"] for message in messages(address) if message.get("code"))


def wrong(code):
    """A code of the same form that is not this one."""
    return code[:-1] + str((int(code[-1]) + 1) % 10)


class Site:
    """A user pool with one app client."""

    def __init__(self, pool=None, client=None):
        self.id = ADMIN.create_user_pool(PoolName=fresh("pool"), **(pool or {}))["UserPool"]["Id"]
        self.client = self.add_client(**(client or {}))
        self.client_id = self.client["ClientId"]
        self.secret = self.client.get("ClientSecret")

    def add_client(self, **settings):
        settings = {"ExplicitAuthFlows": EVERY_FLOW} | settings
        made = ADMIN.create_user_pool_client(UserPoolId=self.id, ClientName=fresh("client"), **settings)
        return made["UserPoolClient"]

    def hash(self, username):
        """SECRET_HASH over a username."""
        message = (username + self.client_id).encode()
        return base64.b64encode(hmac.new(self.secret.encode(), message, hashlib.sha256).digest()).decode()

    def user(self, username=None, groups=(), **attributes):
        """A confirmed user with PASSWORD."""
        username = username or fresh()
        made = ADMIN.admin_create_user(
            UserPoolId=self.id, Username=username, MessageAction="SUPPRESS", UserAttributes=pairs(attributes)
        )
        user = User(self, made["User"]["Username"], username)
        ADMIN.admin_set_user_password(UserPoolId=self.id, Username=username, Password=PASSWORD, Permanent=True)
        for group in groups:
            ADMIN.admin_add_user_to_group(UserPoolId=self.id, Username=username, GroupName=group)
        return user

    def sign_up(self, username=None, **attributes):
        """An unconfirmed user; its address is `attributes['email']` where there is one."""
        username = username or fresh()
        extra = {"SecretHash": self.hash(username)} if self.secret else {}
        answer = APP.sign_up(
            ClientId=self.client_id,
            Username=username,
            Password=PASSWORD,
            UserAttributes=pairs(attributes),
            **extra,
        )
        return User(self, username, username), answer

    def start(self, flow, client=None, **parameters):
        if self.secret and "USERNAME" in parameters and "SECRET_HASH" not in parameters:
            parameters["SECRET_HASH"] = self.hash(parameters["USERNAME"])
        return APP.initiate_auth(
            AuthFlow=flow, ClientId=client or self.client_id, AuthParameters=parameters
        )

    def respond(self, challenge, session, **responses):
        if self.secret and "SECRET_HASH" not in responses:
            responses["SECRET_HASH"] = self.hash(responses["USERNAME"])
        return APP.respond_to_auth_challenge(
            ClientId=self.client_id, ChallengeName=challenge, Session=session, ChallengeResponses=responses
        )


class User:
    """A person in a site's pool. `name` is the pool's own username, `typed` what they type."""

    def __init__(self, site, name, typed):
        self.site, self.name, self.typed = site, name, typed
        self.key = {"UserPoolId": site.id, "Username": name}

    def start(self, password=PASSWORD, **parameters):
        """Signs in with the password and gives the whole answer."""
        return self.site.start("USER_PASSWORD_AUTH", USERNAME=self.typed, PASSWORD=password, **parameters)

    def sign_in(self, password=PASSWORD, **parameters):
        """Signs in and gives the tokens."""
        return self.start(password, **parameters)["AuthenticationResult"]

    def read(self):
        return ADMIN.admin_get_user(**self.key)

    def attributes(self):
        return plain(self.read()["UserAttributes"])

    def enrol_totp(self, access_token):
        """Registers an authenticator app and prefers it. Gives the app."""
        authenticator = Authenticator(
            APP.associate_software_token(AccessToken=access_token)["SecretCode"]
        )
        verified = APP.verify_software_token(
            AccessToken=access_token, UserCode=authenticator.code(), FriendlyDeviceName="phone"
        )
        assert verified["Status"] == "SUCCESS"
        APP.set_user_mfa_preference(
            AccessToken=access_token, SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True}
        )
        return authenticator


class Authenticator:
    """A TOTP app. A code counts once, so each asked for is a step later than the one before; the server
    allows for clocks that are a step early or late, which makes three codes without waiting."""

    def __init__(self, secret):
        self.totp = pyotp.TOTP(secret)
        self.last = 0

    def code(self):
        now = time.time()
        # Two seconds of margin, lest the step before this one lapse on its way.
        step = max(self.last + 1, int((now + 2) // 30) - 1)
        if step > now // 30 + 1:
            time.sleep((step - 1) * 30 - now)
        self.last = step
        return self.totp.generate_otp(step)
