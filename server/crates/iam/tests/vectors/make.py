"""Writes botocore.json: requests signed by botocore, for sigv4.rs to verify.

Run with botocore installed: python make.py > botocore.json
Nothing is sent; the clock stands still.
"""

import base64
import datetime
import json
from urllib.parse import urlsplit

import botocore
import botocore.auth
import botocore.session
from botocore.awsrequest import AWSRequest, AWSResponse
from botocore.config import Config
from botocore.credentials import Credentials

NOW = datetime.datetime(2026, 1, 1, 12, 30, 45, tzinfo=datetime.timezone.utc)
KEY, SECRET, TOKEN = "AKIDLATCHKEYEXAMPLE0", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "FwoGZXIvYXdzE//example+token=="

botocore.auth.get_current_datetime = lambda remove_tzinfo=True: NOW.replace(tzinfo=None) if remove_tzinfo else NOW
vectors = []


def text(value):
    return value.decode() if isinstance(value, bytes) else value


def keep(name, method, url, headers, body, token=None, host=None):
    parts = urlsplit(url)
    # Neither is signed; one names the machine, the other changes with every run.
    same = {"user-agent": "Botocore/" + botocore.__version__, "amz-sdk-invocation-id": "0"}
    headers = [[text(k), same.get(k.lower(), text(v))] for k, v in headers]
    if not any(k.lower() == "host" for k, _ in headers):
        headers.append(["Host", parts.netloc])
    body = body or b""
    body = body.encode() if isinstance(body, str) else body
    vectors.append({
        "name": name,
        "method": method,
        "uri": (parts.path or "/") + ("?" + parts.query if parts.query else ""),
        "headers": headers,
        "body": base64.b64encode(body).decode(),
        "session_token": token,
    })


def call(name, service, operation, arguments, token=None, region="us-east-1"):
    session = botocore.session.Session()
    client = session.create_client(
        service, region_name=region, endpoint_url="http://localhost:9229",
        aws_access_key_id=KEY, aws_secret_access_key=SECRET, aws_session_token=token,
        config=Config(retries={"total_max_attempts": 1}),
    )

    class Raw:
        def stream(self, *_, **__):
            yield b"{}"

        def read(self, *_, **__):
            return b"{}"

    def before_send(request, **_):
        keep(name, request.method, request.url, request.headers.items(), request.body, token)
        return AWSResponse(request.url, 200, {"content-type": "application/x-amz-json-1.1"}, Raw())

    client.meta.events.register("before-send.*.*", before_send)
    getattr(client, operation)(**arguments)


def direct(name, method, url, headers=(), body=b"", token=None, service="cognito-idp", presign=None):
    credentials = Credentials(KEY, SECRET, token)
    request = AWSRequest(method=method, url=url, data=body)
    for k, v in headers:
        request.headers.add_header(k, v)
    if presign:
        botocore.auth.SigV4QueryAuth(credentials, service, "us-east-1", expires=presign).add_auth(request)
    else:
        botocore.auth.SigV4Auth(credentials, service, "us-east-1").add_auth(request)
    prepared = request.prepare()
    keep(name, method, prepared.url, prepared.headers.items(), prepared.body, token)


POOL = "us-east-1_AbCdEfGhI"
call("list-user-pools", "cognito-idp", "list_user_pools", {"MaxResults": 10})
call("admin-get-user", "cognito-idp", "admin_get_user", {"UserPoolId": POOL, "Username": "älice 日本 'quoted' \"json\""})
call("list-users-filter", "cognito-idp", "list_users", {"UserPoolId": POOL, "Filter": 'email ^= "a+b@example.com"'})
call("other-region", "cognito-idp", "list_user_pools", {"MaxResults": 1}, region="eu-central-1")
call("session-token", "cognito-idp", "list_user_pools", {"MaxResults": 1}, token=TOKEN)
call("identity-pools", "cognito-identity", "list_identity_pools", {"MaxResults": 1})
direct("get-vanilla", "GET", "http://example.amazonaws.com/")
direct("get-empty-path", "GET", "http://example.amazonaws.com")
direct("get-query-order", "GET", "http://example.amazonaws.com/?b=2&a=1&a=0&A=3&empty=&flag")
direct("get-query-encoded", "GET", "http://example.amazonaws.com/?name=%20a%2Bb%2F%C3%A4~-_.&%E2%82%AC=%3D%26")
direct("get-dots-and-slashes", "GET", "http://example.amazonaws.com//a/./b/../c//d/")
direct("get-encoded-path", "GET", "http://example.amazonaws.com/a%20b/%C3%A4/%252F")
direct("get-plain-path", "GET", "http://example.amazonaws.com/a$b+c/(d)~e/")
direct("post-spaces-in-headers", "POST", "http://example.amazonaws.com/", [("X-Amz-Target", "  A.B   c\td  "), ("My-Header", " a   b ")], b"{}")
direct("post-binary", "POST", "http://example.amazonaws.com:8080/", [("Content-Type", "application/octet-stream")], bytes(range(256)))
direct("put-session-token", "PUT", "http://example.amazonaws.com/x", token=TOKEN)
direct("presigned", "GET", "https://example.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15", presign=60, service="sts")
direct("presigned-token", "GET", "https://example.amazonaws.com/path?x=%2F", token=TOKEN, presign=604800)

print(json.dumps({
    "botocore": botocore.__version__,
    "now": NOW.isoformat().replace("+00:00", "Z"),
    "access_key": KEY,
    "secret": SECRET,
    "vectors": vectors,
}, indent=1, ensure_ascii=True))
