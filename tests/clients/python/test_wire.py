"""The walker itself: what it lets pass and what it does not."""

import boto3
import pytest

import wire

MODEL = boto3.client("cognito-idp", region_name="us-east-1").meta.service_model


def shape(operation):
    return MODEL.operation_model(operation).output_shape


GOOD = {"User": {"Username": "ada", "UserCreateDate": 1700000000.5, "Enabled": True, "UserStatus": "CONFIRMED"}}


def test_a_true_answer_passes():
    wire.walk("AdminCreateUser", shape("AdminCreateUser"), GOOD)


@pytest.mark.parametrize(
    "change",
    [
        {"Surprise": 1},
        {"Username": None},
        {"Username": 7},
        {"Username": ""},
        {"UserCreateDate": "2026-01-01T00:00:00Z"},
        {"UserCreateDate": 1700000000500},
        {"UserCreateDate": True},
        {"Enabled": "true"},
        {"UserStatus": "SLEEPY"},
        {"Attributes": {"email": "a@b"}},
        {"Attributes": [{"Value": "no name"}]},
    ],
)
def test_anything_else_is_refused(change):
    with pytest.raises(AssertionError):
        wire.walk("AdminCreateUser", shape("AdminCreateUser"), {"User": GOOD["User"] | change})
