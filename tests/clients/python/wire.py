"""Walks every answer's raw JSON against botocore's own model, before botocore's lenient parser sees it.

botocore drops members it does not know, turns strings into timestamps and forgives what is missing. A
client in another language does not, so here each of these is a failed test.
"""

import base64
import binascii
import collections
import json
import re

# What every operation may answer though no model declares it (the front end of the service says these).
UNDECLARED = {
    "AccessDeniedException",
    "IncompleteSignatureException",
    "InternalErrorException",
    "InvalidParameterException",
    "InvalidSignatureException",
    "MissingAuthenticationTokenException",
    "SerializationException",
    "UnknownOperationException",
    "UnrecognizedClientException",
    "UnsupportedOperationException",
}

# What the guide promises though an operation's list of errors does not: ForceAliasCreation, and the feature plans.
PROMISED = {
    ("AdminCreateUser", "AliasExistsException"),
    ("CreateManagedLoginBranding", "FeatureUnavailableInTierException"),
}

# Operation -> the error codes it answered with, and None for success.
SEEN = collections.defaultdict(set)

# What the model calls sensitive, of all answers: the server's log may hold none of it.
SENSITIVE = set()


def watch(client):
    """Makes every call of this boto3 client one that is walked."""
    client.meta.events.register("before-parse.cognito-identity-provider", _walk_answer)
    return client


def _walk_answer(operation_model, response_dict, **_):
    name, status = operation_model.name, response_dict["status_code"]
    headers = {key.lower(): value for key, value in response_dict["headers"].items()}
    assert headers["content-type"] == "application/x-amz-json-1.1", f"{name}: {headers}"
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", headers["x-amzn-requestid"]), name
    body = response_dict["body"]
    if status == 200:
        SEEN[name].add(None)
        if operation_model.output_shape is None:
            assert body == b"", f"{name} has no output, yet answered {body!r}"
        else:
            walk(name, operation_model.output_shape, json.loads(body))
        return
    error = json.loads(body)
    code = error.get("__type")
    SEEN[name].add(code)
    assert set(error) <= {"__type", "message", "reasonCode"} and isinstance(error.get("message"), str), error
    assert headers["x-amzn-errortype"].split(":")[0] == code, headers
    assert status == (500 if code == "InternalErrorException" else 400), f"{name}: {status} {error}"
    declared = {shape.error_code for shape in operation_model.error_shapes}
    assert code in declared | UNDECLARED or (name, code) in PROMISED, f"{name} does not declare {error}"


def walk(path, shape, value):
    """Fails unless `value` is exactly what the shape says."""
    kind = shape.type_name
    if kind == "structure" and getattr(shape, "is_document_type", False):
        return
    _WALKERS[kind](path, shape, value)


def _structure(path, shape, value):
    assert isinstance(value, dict), f"{path}: {value!r} is no structure"
    unknown = set(value) - set(shape.members)
    assert not unknown, f"{path}: unknown members {sorted(unknown)}"
    missing = set(shape.required_members) - set(value)
    assert not missing, f"{path}: missing members {sorted(missing)}"
    for name, member in value.items():
        walk(f"{path}.{name}", shape.members[name], member)


def _list(path, shape, value):
    assert isinstance(value, list), f"{path}: {value!r} is no list"
    _within(path, shape, len(value))
    for index, member in enumerate(value):
        walk(f"{path}[{index}]", shape.member, member)


# Sensitive as a whole, says the service's description, though botocore's model does not repeat it.
_SENSITIVE_MAPS = {"ProviderDetailsType"}


def _map(path, shape, value):
    assert isinstance(value, dict), f"{path}: {value!r} is no map"
    if shape.name in _SENSITIVE_MAPS:
        SENSITIVE.update(member for member in value.values() if len(member) >= 12)
    _within(path, shape, len(value))
    for key, member in value.items():
        walk(f"{path} key", shape.key, key)
        walk(f"{path}[{key!r}]", shape.value, member)


def _string(path, shape, value):
    assert isinstance(value, str), f"{path}: {value!r} is no string"
    enum = shape.metadata.get("enum")
    assert not enum or value in enum, f"{path}: {value!r} is none of {enum}"
    if shape.metadata.get("sensitive") and len(value) >= 12:
        SENSITIVE.add(value)
    _within(path, shape, len(value))


def _integer(path, shape, value):
    assert type(value) is int, f"{path}: {value!r} is no integer"
    _within(path, shape, value)


def _float(path, shape, value):
    assert type(value) in (int, float), f"{path}: {value!r} is no number"
    _within(path, shape, value)


def _boolean(path, shape, value):
    assert type(value) is bool, f"{path}: {value!r} is no boolean"


def _timestamp(path, shape, value):
    assert type(value) in (int, float), f"{path}: the timestamp {value!r} is no number"
    # Seconds, not milliseconds, and of our time.
    assert 1_600_000_000 < value < 4_000_000_000, f"{path}: {value!r} is not in epoch seconds"


def _blob(path, shape, value):
    assert isinstance(value, str), f"{path}: {value!r} is no base64"
    try:
        base64.b64decode(value, validate=True)
    except binascii.Error as error:
        raise AssertionError(f"{path}: {value!r} is no base64") from error


# The service answers with names its own model holds too long: phone_number_verified, custom:anything.
_LONGER_THAN_SAID = {"CustomAttributeNameType"}


def _within(path, shape, size):
    if shape.name in _LONGER_THAN_SAID:
        return
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    assert least is None or size >= least, f"{path}: {size} is below {least}"
    assert most is None or size <= most, f"{path}: {size} is above {most}"


_WALKERS = {
    "structure": _structure,
    "list": _list,
    "map": _map,
    "string": _string,
    "integer": _integer,
    "long": _integer,
    "float": _float,
    "double": _float,
    "boolean": _boolean,
    "timestamp": _timestamp,
    "blob": _blob,
}
