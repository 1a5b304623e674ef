//! Words in stored settings that a newer version has written and this one does not know.

pub use protocol::UnknownWord;

/// Members, by their wire names, without which less is protected. One that this version cannot read must not be read as
/// absent: MFA would be off, a pool could be deleted, users could be enumerated, refresh tokens would not rotate, a
/// client would be allowed the flows that one without a list is.
const PROTECTING: [&str; 6] = [
    "MfaConfiguration",
    "DeletionProtection",
    "PreventUserExistenceErrors",
    "RefreshTokenRotation",
    "ExplicitAuthFlows",
    "UserVerification",
];

/// Whether a member of stored settings may be read as absent where this version does not know its word.
pub fn may_be_unknown(member: &str) -> bool {
    !PROTECTING.contains(&member)
}
