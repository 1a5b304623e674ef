"""What identity providers are configured with, and one on loopback that tells its endpoints."""

import contextlib
import http.server
import json
import threading

GOOGLE = {
    "client_id": "1example23456789.apps.googleusercontent.com",
    "client_secret": "google-client-secret",
    "authorize_scopes": "email profile openid",
}
FACEBOOK = {
    "api_version": "v17.0",
    "client_id": "1example23456789",
    "client_secret": "facebook-client-secret",
    "authorize_scopes": "public_profile, email",
}
AMAZON = {
    "client_id": "amzn1.application-oa2-client.1example23456789",
    "client_secret": "amazon-client-secret",
    "authorize_scopes": "profile postal_code",
}
APPLE = {
    "client_id": "com.example.cognito",
    "team_id": "3EXAMPLE",
    "key_id": "2EXAMPLE",
    "private_key": "apples-private-key",
    "authorize_scopes": "email name",
}
OIDC = {
    "attributes_request_method": "GET",
    "attributes_url": "https://auth.example.com/userInfo",
    "authorize_scopes": "openid profile email",
    "authorize_url": "https://auth.example.com/authorize",
    "client_id": "1example23456789",
    "client_secret": "provider-app-client-secret",
    "jwks_uri": "https://auth.example.com/.well-known/jwks.json",
    "oidc_issuer": "https://auth.example.com",
    "token_url": "https://example.com/token",
}

# Valid from 2026 to 2126; its key is gone.
CERTIFICATE = """
MIIC/zCCAeegAwIBAgIUWCtoJ5OTbE24bE17yludFK0yrLUwDQYJKoZIhvcNAQEL
BQAwDjEMMAoGA1UEAwwDaWRwMCAXDTI2MTEyODA5NDU1NFoYDzIxMjYxMTA0MDk0
NTU0WjAOMQwwCgYDVQQDDANpZHAwggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAwggEK
AoIBAQCaiQyuO+zKXGFWd0JHlBSQm00NNqlIqywLVSPA+Jl9GCPBmjFY9cw9TDd1
VUOzC4LojeTfWzDjbUEqZiLgcMBpBuzS3Pm24LqfruPOJ8qhsVjnxsYuKHtUi/Fm
13lc55X+np65cfjoaOKpCxtckG+e7myp/YxmoGgC9gVqMg7wO5wAsHV7mdWsn5G1
xwg8ZATPx/P9AVUJJmpGNadv0QGaq7dfhv/Lfp7XJhl7PiWJbth6B7VJ1sZw+9MP
G5ZoabYZFQL/CTdts90laLfvWiB8gVL3JUDk5p0ccvDvj+E1+TuWxTuPFfT3RDYH
gcT8mdz+jRqElMNt3sCw0leW2TqHAgMBAAGjUzBRMB0GA1UdDgQWBBTitfq0Sp4g
TFJEGRnKEy7n7RuWPjAfBgNVHSMEGDAWgBTitfq0Sp4gTFJEGRnKEy7n7RuWPjAP
BgNVHRMBAf8EBTADAQH/MA0GCSqGSIb3DQEBCwUAA4IBAQCNfcZwMpBu3y/8fsDh
KoaI++8E2pOk93hcujJQbBvVhP/Pyj6O65AEQpi6KVU/clT8bObdFmEu1DhvEy3x
4qBO6b8Q4Oeg1TvMDNfmxk8rEFblpsoa934hVDtLGaJ1Io9+pFBc34joSXb6Cap6
tYMR0irqTiA6/7PpKK6L0zPE2NnR80MpX6cfbCNDdRg87lmt2hOHOxQseKRF5YoY
qoY/yv8kPQHG/F4uy4kTSNHydBPBLSWsGDE1LefOaYCGgKP3Rlp1EXeZeVSL9iUf
AAUCFCFCB5jYA7WnJzY0h7FqGS+enpr7EqG3SnXKo0RrdnpAo7Ic5wucCGfszWWO
HBVf
"""

METADATA = f"""<?xml version="1.0" encoding="UTF-8"?>
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.example.com">
  <md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <md:KeyDescriptor use="signing">
      <ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">
        <ds:X509Data><ds:X509Certificate>{CERTIFICATE}</ds:X509Certificate></ds:X509Data>
      </ds:KeyInfo>
    </md:KeyDescriptor>
    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
        Location="https://idp.example.com/post"/>
    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
        Location="https://idp.example.com/sso"/>
  </md:IDPSSODescriptor>
</md:EntityDescriptor>
"""


@contextlib.contextmanager
def serving(answers):
    """A server on loopback that answers each path with what `answers` gives it: (status, body). Gives its address,
    which may stand in the bodies as BASE, and the paths it was asked for."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            status, body = answers.get(self.path, (404, ""))
            text = body if isinstance(body, str) else json.dumps(body)
            data = text.replace("BASE", base).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    base = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield base, asked
    finally:
        server.shutdown()
        server.server_close()


DISCOVERY = "/.well-known/openid-configuration"


def document(**members):
    return {
        "issuer": "BASE",
        "authorization_endpoint": "BASE/go",
        "token_endpoint": "BASE/token",
        "userinfo_endpoint": "BASE/me",
        "jwks_uri": "BASE/keys",
    } | members
