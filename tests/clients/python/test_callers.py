"""Who may call: signatures, credentials, clocks; and what the door says of calls it does not know."""

import datetime

import botocore.auth
import pytest
import requests
from botocore import UNSIGNED
from botocore.config import Config

from people import ADMIN, APP, UNCHECKED, URL, Site, fresh, make_client, refused

TARGET = "AWSCognitoIdentityProviderService."


@pytest.fixture(scope="module")
def site():
    return Site()


def post(operation, body="{}", **headers):
    headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": TARGET + operation} | headers
    return requests.post(URL, data=body, headers=headers, timeout=10)


def test_an_administrators_call_must_be_signed(site):
    # Such an error no model declares, so botocore calls it by its name.
    with refused("MissingAuthenticationTokenException"):
        make_client(config=Config(signature_version=UNSIGNED)).describe_user_pool(UserPoolId=site.id)


def test_an_unknown_access_key(site):
    with refused("UnrecognizedClientException", "The security token included in the request is invalid."):
        make_client(aws_access_key_id="AKIANOBODY").describe_user_pool(UserPoolId=site.id)


def test_a_wrong_secret_key(site):
    with refused("InvalidSignatureException"):
        make_client(aws_secret_access_key="guess").describe_user_pool(UserPoolId=site.id)


def test_a_changed_body(site):
    client = make_client()
    client.meta.events.register("before-send.cognito-identity-provider", change_body)
    with refused("InvalidSignatureException"):
        client.describe_user_pool(UserPoolId=site.id)


def change_body(request, **_):
    """After signing, before sending."""
    request.body = b'{"UserPoolId":"us-east-1_Another01"}'
    request.headers["Content-Length"] = str(len(request.body))


@pytest.mark.parametrize("minutes", [-20, 20])
def test_a_clock_that_is_wrong(site, monkeypatch, minutes):
    offset = datetime.timedelta(minutes=minutes)
    real = botocore.auth.get_current_datetime
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda *a, **k: real(*a, **k) + offset)
    with refused("InvalidSignatureException"):
        make_client().describe_user_pool(UserPoolId=site.id)


def test_a_clock_that_is_a_little_wrong(site, monkeypatch):
    offset = datetime.timedelta(minutes=4)
    real = botocore.auth.get_current_datetime
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda *a, **k: real(*a, **k) - offset)
    assert make_client().describe_user_pool(UserPoolId=site.id)["UserPool"]["Id"] == site.id


def test_any_region_is_taken(site):
    client = make_client(region_name="eu-central-1")
    assert client.describe_user_pool(UserPoolId=site.id)["UserPool"]["Id"] == site.id


def test_an_unsigned_operation_may_be_signed(site):
    user = site.user()
    token = user.sign_in()["AccessToken"]
    assert ADMIN.get_user(AccessToken=token)["Username"] == user.name
    assert make_client(aws_access_key_id="AKIANOBODY").get_user(AccessToken=token)["Username"] == user.name


def test_an_operation_without_behaviour_says_so(site):
    with refused("UnsupportedOperationException"):
        ADMIN.create_user_import_job(
            UserPoolId=site.id, JobName="x", CloudWatchLogsRoleArn="arn:aws:iam::000000000000:role/x"
        )
    # But not to strangers, and not before it is asked for properly.
    with refused("UnrecognizedClientException"):
        make_client(aws_access_key_id="AKIANOBODY").list_user_import_jobs(UserPoolId=site.id, MaxResults=1)
    with refused("InvalidParameterException"):
        UNCHECKED.list_user_import_jobs(UserPoolId=site.id, MaxResults=0)


def test_an_operation_that_is_not(site):
    for operation in ("MakeCoffee", "", "signup"):
        answer = post(operation)
        assert answer.status_code == 400, operation
        assert answer.json()["__type"] == "UnknownOperationException"
    elsewhere = requests.post(URL, data="{}", headers={"X-Amz-Target": "DynamoDB.ListTables"}, timeout=10)
    assert elsewhere.json()["__type"] == "UnknownOperationException"


@pytest.mark.parametrize("body", ["{", "[1]", '"x"', "null", "\ufeff", '{"ClientId":', '{"ClientId":7}'])
def test_bodies_that_are_not_what_they_should_be(body):
    answer = post("SignUp", body.encode())
    assert answer.status_code == 400
    assert answer.json()["__type"] in ("SerializationException", "InvalidParameterException")


def test_an_error_is_told_in_headers_too():
    answer = post("GetUser", '{"AccessToken":"rubbish"}')
    assert answer.status_code == 400
    assert answer.json() == {"__type": "NotAuthorizedException", "message": "Invalid Access Token"}
    assert answer.headers["x-amzn-ErrorType"].split(":")[0] == "NotAuthorizedException"
    assert answer.headers["x-amzn-ErrorMessage"] == "Invalid Access Token"


def test_browsers_may_call_from_anywhere():
    origin = {"Origin": "https://app.example"}
    asked = requests.options(
        URL,
        headers=origin
        | {
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type,x-amz-target,x-amz-user-agent,amz-sdk-request",
        },
        timeout=10,
    )
    assert asked.ok and asked.headers["Access-Control-Allow-Origin"] == "*"
    allowed = asked.headers["Access-Control-Allow-Headers"].lower()
    assert allowed == "*" or {"content-type", "x-amz-target", "amz-sdk-request"} <= set(
        name.strip() for name in allowed.split(",")
    )
    answer = post("GetUser", '{"AccessToken":"rubbish"}', **origin)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    exposed = {name.strip().lower() for name in answer.headers["Access-Control-Expose-Headers"].split(",")}
    assert {"x-amzn-requestid", "x-amzn-errortype", "x-amzn-errormessage"} <= exposed


def test_the_name_of_a_client_is_no_way_in(site):
    with refused("ResourceNotFoundException"):
        APP.initiate_auth(
            ClientId=fresh("x").replace("-", ""),
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": "ada", "PASSWORD": "x"},
        )
