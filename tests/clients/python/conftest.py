"""What the suite runs against, and what a whole run must have called."""

import os
import pathlib

import pytest

if "LATCHKEY_URL" not in os.environ:
    raise pytest.UsageError("LATCHKEY_URL must say where a server in dev mode is")

# No AWS profile, proxy or metadata service of this machine has a say.
for name in [name for name in os.environ if name.startswith("AWS_")]:
    del os.environ[name]
os.environ |= {
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_MAX_ATTEMPTS": "1",
    "NO_PROXY": "localhost,127.0.0.1",
}


def pytest_collection_modifyitems(config, items):
    """test_coverage.py judges what all the others called: it runs last, and only where they all ran."""
    here = pathlib.Path(__file__).parent
    judging = [item for item in items if item.path.name == "test_coverage.py"]
    others = [item for item in items if item not in judging]
    whole = {item.path.name for item in others} >= {
        path.name for path in here.glob("test_*.py") if path.name != "test_coverage.py"
    }
    narrowed = config.option.keyword or any("::" in argument for argument in config.args)
    if whole and not narrowed:
        items[:] = others + judging
    else:
        items[:] = others
        config.hook.pytest_deselected(items=judging)
