"""STS speaks the Query protocol at the same address; boto3 is told nothing but where it is."""

import boto3
import pytest
import requests
from botocore import UNSIGNED
from botocore.config import Config

from people import REGION, URL, refused

ROLE = "arn:aws:iam::000000000000:role/app"


def make_sts(**overrides):
    config = Config(retries={"total_max_attempts": 1}).merge(overrides.pop("config", Config()))
    settings = {
        "region_name": REGION,
        "endpoint_url": URL,
        "aws_access_key_id": "local",
        "aws_secret_access_key": "local",
    }
    return boto3.client("sts", config=config, **settings | overrides)


STS = make_sts()
UNCHECKED = make_sts(config=Config(parameter_validation=False))


def test_what_has_no_behaviour_says_so():
    with refused("UnsupportedOperation", "GetCallerIdentity is not available yet."):
        STS.get_caller_identity()
    with refused("UnsupportedOperation", "AssumeRole is not available yet."):
        STS.assume_role(
            RoleArn=ROLE,
            RoleSessionName="app",
            DurationSeconds=900,
            PolicyArns=[{"arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}],
            Tags=[{"Key": "team", "Value": "a b+c=d/é"}, {"Key": "empty", "Value": ""}],
            TransitiveTagKeys=[],
        )


def test_a_web_identity_needs_no_signature():
    anybody = make_sts(config=Config(signature_version=UNSIGNED))
    with refused("UnsupportedOperation"):
        anybody.assume_role_with_web_identity(RoleArn=ROLE, RoleSessionName="app", WebIdentityToken="token")
    with refused("MissingAuthenticationToken"):
        anybody.get_caller_identity()


def test_an_answer_carries_its_request():
    with pytest.raises(STS.exceptions.ClientError) as caught:
        STS.get_caller_identity()
    answer = caught.value.response
    assert answer["Error"]["Type"] == "Sender"
    metadata = answer["ResponseMetadata"]
    assert metadata["HTTPStatusCode"] == 400
    assert metadata["RequestId"] == metadata["HTTPHeaders"]["x-amzn-requestid"]


def test_who_cannot_sign_is_refused():
    with refused("InvalidClientTokenId", "The security token included in the request is invalid."):
        make_sts(aws_access_key_id="AKIANOBODY").get_caller_identity()
    with refused("SignatureDoesNotMatch"):
        make_sts(aws_secret_access_key="guess").get_caller_identity()
    with refused("InvalidClientTokenId"):
        make_sts(aws_session_token="token").get_caller_identity()


def test_constraints_are_held():
    with refused("ValidationError"):
        UNCHECKED.assume_role(RoleArn=ROLE, RoleSessionName="app", DurationSeconds=1)
    with refused(
        "ValidationError",
        "1 validation error detected: Value null at 'roleSessionName' failed to satisfy constraint: Member must not "
        "be null",
    ):
        UNCHECKED.assume_role(RoleArn=ROLE)
    with refused("MalformedInput", "soon is not a valid integer"):
        UNCHECKED.get_session_token(DurationSeconds="soon")


def test_a_presigned_address_is_a_call():
    # As clients of EKS and Vault prove who they are.
    address = STS.generate_presigned_url("get_caller_identity", HttpMethod="GET")
    answer = requests.get(address, timeout=10)
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "text/xml")
    assert "<Code>UnsupportedOperation</Code>" in answer.text
    answer = requests.get(address.replace("Signature=", "Signature=0"), timeout=10)
    assert answer.status_code == 403
    assert "<Code>SignatureDoesNotMatch</Code>" in answer.text
