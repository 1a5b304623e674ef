"""Every operation that is said to work was called by this suite, and refused something."""

import wire

# docs/compatibility.md tells these as done.
OPERATIONS = """
    CreateUserPool DescribeUserPool UpdateUserPool DeleteUserPool ListUserPools
    CreateUserPoolClient DescribeUserPoolClient UpdateUserPoolClient DeleteUserPoolClient ListUserPoolClients
    CreateUserPoolDomain DescribeUserPoolDomain UpdateUserPoolDomain DeleteUserPoolDomain
    AddCustomAttributes
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
