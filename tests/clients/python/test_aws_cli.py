"""The AWS CLI, as a person in a shell would use it."""

import json
import pathlib
import subprocess
import sys

import pytest

from people import PASSWORD, URL, fresh, fresh_email

AWS = pathlib.Path(sys.executable).with_name("aws")


def run(*arguments):
    return subprocess.run(
        [str(AWS), "--endpoint-url", URL, "--output", "json", "cognito-idp", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def aws(*arguments):
    """What a command prints, read; it must end well."""
    done = run(*arguments)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout) if done.stdout.strip() else None


@pytest.fixture(scope="module")
def pool():
    made = aws(
        "create-user-pool",
        "--pool-name", "from a shell",
        "--auto-verified-attributes", "email",
        "--policies", "PasswordPolicy={MinimumLength=10,RequireSymbols=false}",
        "--schema", "Name=team,AttributeDataType=String,Mutable=true",
    )  # fmt: skip
    return made["UserPool"]


def test_a_pool_is_made_and_described(pool):
    described = aws("describe-user-pool", "--user-pool-id", pool["Id"])["UserPool"]
    assert described == pool
    assert described["Policies"]["PasswordPolicy"]["MinimumLength"] == 10
    assert described["Policies"]["PasswordPolicy"]["RequireSymbols"] is False


def test_a_client_and_a_sign_in(pool):
    client = aws(
        "create-user-pool-client",
        "--user-pool-id", pool["Id"],
        "--client-name", "shell",
        "--explicit-auth-flows", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH",
    )["UserPoolClient"]  # fmt: skip
    name, email = fresh(), fresh_email()
    answer = aws(
        "sign-up",
        "--client-id", client["ClientId"],
        "--username", name,
        "--password", PASSWORD,
        "--user-attributes", f"Name=email,Value={email}", "Name=custom:team,Value=blue",
    )  # fmt: skip
    assert answer["UserConfirmed"] is False
    key = ["--user-pool-id", pool["Id"], "--username", name]
    assert aws("admin-confirm-sign-up", *key) is None
    user = aws("admin-get-user", *key)
    assert user["UserStatus"] == "CONFIRMED"
    assert {"Name": "custom:team", "Value": "blue"} in user["UserAttributes"]
    tokens = aws(
        "initiate-auth",
        "--client-id", client["ClientId"],
        "--auth-flow", "USER_PASSWORD_AUTH",
        "--auth-parameters", f"USERNAME={name},PASSWORD={PASSWORD}",
    )["AuthenticationResult"]  # fmt: skip
    assert aws("get-user", "--access-token", tokens["AccessToken"])["Username"] == name
    refreshed = aws(
        "get-tokens-from-refresh-token",
        "--client-id", client["ClientId"],
        "--refresh-token", tokens["RefreshToken"],
    )  # fmt: skip
    assert refreshed["AuthenticationResult"]["AccessToken"]
    assert aws("admin-delete-user", *key) is None


def test_the_paginator_walks_all_pages(pool):
    names = sorted(fresh("paged") for _ in range(5))
    for name in names:
        aws(
            "admin-create-user",
            "--user-pool-id", pool["Id"],
            "--username", name,
            "--message-action", "SUPPRESS",
        )  # fmt: skip
    users = aws("list-users", "--user-pool-id", pool["Id"], "--page-size", "2", "--filter", 'username ^= "paged"')
    assert sorted(user["Username"] for user in users["Users"]) == names
    first = aws("list-users", "--user-pool-id", pool["Id"], "--page-size", "2", "--max-items", "3")
    assert len(first["Users"]) == 3 and first["NextToken"]
    rest = aws("list-users", "--user-pool-id", pool["Id"], "--starting-token", first["NextToken"])
    everyone = {user["Username"] for user in first["Users"] + rest["Users"]}
    assert everyone >= set(names)


def test_a_query_in_the_commands_own_language(pool):
    done = run(
        "describe-user-pool", "--user-pool-id", pool["Id"], "--query", "UserPool.Name", "--output", "text"
    )
    assert done.stdout.strip() == "from a shell"


def test_errors_are_told_as_ever(pool):
    done = run("admin-get-user", "--user-pool-id", pool["Id"], "--username", "nobody")
    assert done.returncode in (254, 255)
    assert (
        "An error occurred (UserNotFoundException) when calling the AdminGetUser operation: "
        "User does not exist." in done.stderr
    )
