//! The client's end: the proof of a password, and a device's verifier.

use alloc::string::String;
use alloc::{vec, vec::Vec};
use core::fmt;

use zeroize::{Zeroize, Zeroizing};

use crate::SrpError;
use crate::derive::{K, derive_key, derive_u, derive_x, is_zero, signature};
use crate::field::Element;
use crate::integer::{minimal, pad, parse_hex, to_hex};

/// The client's half of one key agreement: a secret exponent and its public value A.
/// May answer a user's and a device's challenge both. Wiped when dropped.
pub struct ClientProof {
    secret_a: Zeroizing<Vec<u8>>,
    public_a: Vec<u8>,
}

impl fmt::Debug for ClientProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientProof(***)")
    }
}

impl ClientProof {
    /// Raises g to `secret_a`: random bytes, 32 of them being the usual number and any
    /// from 32 to 128 being taken.
    ///
    /// 256 bits are enough. The best general attack on a short exponent (Pollard's kangaroo)
    /// takes 2^128 steps for them, which is what the 3072-bit group itself withstands
    /// (NIST SP 800-56A rev. 3 appendix D; RFC 7919 §5.2 asks for 275 bits at most of any
    /// group of this size, RFC 5054 §3.1 for 256). (N − 1)/2 is prime, so no small subgroup helps.
    /// Cognito's own libraries take 1024 bits, and four times the time.
    ///
    /// # Errors
    /// [`SrpError::Secret`] for another number of bytes.
    pub fn new(secret_a: &[u8]) -> Result<Self, SrpError> {
        if !(32..=128).contains(&secret_a.len()) {
            return Err(SrpError::Secret);
        }
        let public_a = Element::power_of_two(secret_a).to_be_bytes();
        Ok(Self { secret_a: Zeroizing::new(secret_a.to_vec()), public_a: minimal(public_a.as_slice()).to_vec() })
    }

    /// A as SRP_A says it.
    #[must_use]
    pub fn public_a_hex(&self) -> String {
        to_hex(&self.public_a)
    }

    /// The bytes of PASSWORD_CLAIM_SIGNATURE that answer a PASSWORD_VERIFIER challenge (or
    /// DEVICE_PASSWORD_VERIFIER, with the device group key for `prefix`, the device key for
    /// `user` and the device password). `salt_hex` and `b_hex` are SALT and SRP_B as
    /// received, `secret_block` the decoded SECRET_BLOCK, `timestamp` the string to be sent
    /// ([`derive_timestamp`](crate::derive_timestamp)).
    ///
    /// # Errors
    /// [`SrpError::Hex`] for a salt or B that is no integer, [`SrpError::PublicValue`] for a
    /// B that is a multiple of N, [`SrpError::Scrambler`] when u is zero.
    #[expect(clippy::too_many_arguments, reason = "each is one field of the challenge")]
    pub fn answer(
        &self,
        prefix: &str,
        user: &str,
        password: &str,
        salt_hex: &str,
        b_hex: &str,
        secret_block: &[u8],
        timestamp: &str,
    ) -> Result<[u8; 32], SrpError> {
        let salt = parse_hex(salt_hex)?;
        let public_b = parse_hex(b_hex)?;
        let b = Element::from_be_bytes(&public_b);
        if is_zero(b.to_be_bytes().as_slice()) {
            return Err(SrpError::PublicValue);
        }
        let u = derive_u(&self.public_a, &public_b);
        if is_zero(&u) {
            return Err(SrpError::Scrambler);
        }
        let x = derive_x(prefix, user, password, &salt);
        let g_x = Zeroizing::new(Element::power_of_two(x.as_slice()));
        let base = Zeroizing::new(b.subtract(&g_x.multiply(&Element::from_be_bytes(&K))));
        let exponent = add_product(&self.secret_a, &u, &x);
        let s = Zeroizing::new(base.power(&exponent)).to_be_bytes();
        let key = derive_key(&u, s.as_slice());
        Ok(signature(&key, prefix, user, secret_block, timestamp))
    }
}

/// a + u·x in big-endian bytes, one byte longer than the longer of a and u·x.
fn add_product(a: &[u8], u: &[u8; 32], x: &[u8; 32]) -> Zeroizing<Vec<u8>> {
    let length = a.len().max(64) + 1;
    // Columns of bytes: at most 32 products of 16 bits and one addend each.
    let mut columns = Zeroizing::new(vec![0u32; length]);
    for (column, byte) in columns.iter_mut().zip(a.iter().rev()) {
        *column = u32::from(*byte);
    }
    for (i, u) in u.iter().rev().enumerate() {
        for (column, x) in columns.iter_mut().skip(i).zip(x.iter().rev()) {
            *column += u32::from(*u) * u32::from(*x);
        }
    }
    let mut out = Zeroizing::new(vec![0; length]);
    let mut carry = 0;
    for (to, column) in out.iter_mut().rev().zip(columns.iter()) {
        let sum = column + carry;
        *to = (sum & 0xff) as u8;
        carry = sum >> 8;
    }
    carry.zeroize();
    out
}

/// What ConfirmDevice's DeviceSecretVerifierConfig carries, before its base64.
#[derive(Clone, PartialEq, Eq)]
pub struct DeviceVerifier {
    /// pad(salt): `Salt`.
    pub salt: Vec<u8>,
    /// pad(v): `PasswordVerifier`.
    pub verifier: Vec<u8>,
}

impl Drop for DeviceVerifier {
    fn drop(&mut self) {
        self.verifier.zeroize();
    }
}

impl fmt::Debug for DeviceVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeviceVerifier(***)")
    }
}

/// The verifier with which a device is confirmed: `group_key` and `device_key` are
/// NewDeviceMetadata's, `device_password` is made by the device (base64 of 40 random bytes),
/// `salt` is random.
#[must_use]
pub fn derive_device_verifier(
    group_key: &str,
    device_key: &str,
    device_password: &str,
    salt: &[u8; 16],
) -> DeviceVerifier {
    let x = derive_x(group_key, device_key, device_password, salt);
    let v = Element::power_of_two(x.as_slice()).to_be_bytes();
    DeviceVerifier { salt: pad(salt), verifier: pad(v.as_slice()) }
}
