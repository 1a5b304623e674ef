"""Judges the whole run: every operation that is said to work was called, and refused something; and the
server's log holds nothing that the model calls sensitive."""

import os
import pathlib

import wire
from people import OTHER_PASSWORD, PASSWORD

# docs/compatibility.md tells these as done.
OPERATIONS = """
    CreateUserPool DescribeUserPool UpdateUserPool DeleteUserPool ListUserPools
    CreateUserPoolClient DescribeUserPoolClient UpdateUserPoolClient DeleteUserPoolClient ListUserPoolClients
    CreateUserPoolDomain DescribeUserPoolDomain UpdateUserPoolDomain DeleteUserPoolDomain
    AddCustomAttributes
    CreateManagedLoginBranding DescribeManagedLoginBranding DescribeManagedLoginBrandingByClient
    UpdateManagedLoginBranding DeleteManagedLoginBranding GetUICustomization SetUICustomization
    CreateIdentityProvider DescribeIdentityProvider GetIdentityProviderByIdentifier
    UpdateIdentityProvider DeleteIdentityProvider ListIdentityProviders
    CreateResourceServer DescribeResourceServer UpdateResourceServer DeleteResourceServer ListResourceServers
    TagResource UntagResource ListTagsForResource
    SignUp ConfirmSignUp ResendConfirmationCode
    InitiateAuth RespondToAuthChallenge GetTokensFromRefreshToken
    ForgotPassword ConfirmForgotPassword ChangePassword
    GetUser UpdateUserAttributes DeleteUserAttributes GetUserAttributeVerificationCode VerifyUserAttribute
    DeleteUser GlobalSignOut RevokeToken
    AssociateSoftwareToken VerifySoftwareToken SetUserMFAPreference GetUserAuthFactors
    GetUserPoolMfaConfig SetUserPoolMfaConfig
    ConfirmDevice GetDevice ListDevices ForgetDevice UpdateDeviceStatus
    AdminGetDevice AdminListDevices AdminForgetDevice AdminUpdateDeviceStatus
    AdminCreateUser AdminGetUser AdminConfirmSignUp AdminSetUserPassword AdminResetUserPassword
    AdminEnableUser AdminDisableUser AdminDeleteUser
    AdminUpdateUserAttributes AdminDeleteUserAttributes
    AdminInitiateAuth AdminRespondToAuthChallenge AdminUserGlobalSignOut
    AdminSetUserMFAPreference AdminDeleteSoftwareToken AdminGetUserAuthFactors
    ListUsers
    CreateGroup GetGroup UpdateGroup DeleteGroup ListGroups
    AdminAddUserToGroup AdminRemoveUserFromGroup AdminListGroupsForUser ListUsersInGroup
""".split()


def test_every_operation_answered():
    assert [name for name in OPERATIONS if None not in wire.SEEN[name]] == []


def test_every_operation_refused():
    assert [name for name in OPERATIONS if not wire.SEEN[name] - {None}] == []


def test_the_log_keeps_what_is_sensitive():
    log = pathlib.Path(os.environ["LATCHKEY_LOG"]).read_text()
    assert "/_latchkey/mailbox" in log, "the log is not this server's"
    assert len(wire.SENSITIVE) > 100
    told = {value for value in wire.SENSITIVE | {PASSWORD, OTHER_PASSWORD} if value in log}
    assert told == set()
