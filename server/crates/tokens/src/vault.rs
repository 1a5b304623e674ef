//! Envelope encryption: the master key wraps data keys, data keys seal messages.
//!
//! Every message gets a key of its own. AES-256-GCM with random 96-bit nonces may seal only 2³²
//! messages under one key (NIST SP 800-38D §8.3), which sealed sessions at a thousand a second
//! reach in fifty days; past that a repeated nonce would give away the authentication key. So a
//! message carries 24 random bytes: the first 12 derive its key (HKDF-Expand from the purpose's
//! subkey), the last 12 are its GCM nonce, the construction of XAES-256-GCM with HKDF in the place
//! of CMAC. Two messages collide only if all 192 bits do, so a data key needs no rotation for
//! volume's sake.
//!
//! Layout of a sealed message: version (1), data key id (u32, big-endian), 24 random bytes,
//! ciphertext, tag (16). Version and key id, the purpose's label and the caller's context are
//! authenticated with it.

use std::collections::BTreeMap;
use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Prk};
use world::Entropy;
use zeroize::Zeroizing;

use crate::{MasterKey, Purpose};

const VERSION: u8 = 1;
/// Version and data key id.
const PREFIX: usize = 5;
/// Random bytes of a message: 12 for its key, 12 for its nonce.
pub(crate) const RANDOM: usize = 24;
/// Where the ciphertext begins.
pub(crate) const HEADER: usize = PREFIX + RANDOM;
pub(crate) const TAG: usize = 16;

/// A data key as it is stored: useless without the master key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrappedKey {
    /// The id that sealed messages name. Ids count up from 1; the highest one seals.
    pub id: u32,
    /// The encrypted key, 77 bytes.
    pub wrapped: Vec<u8>,
}

/// Why something sealed would not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// It is too short, or of a version this program does not know.
    #[error("not a sealed message")]
    Malformed,
    /// It names a data key that is not here.
    #[error("sealed with data key {0}, which is not here")]
    UnknownKey(u32),
    /// It was altered, or sealed with another key, for another purpose or in another context.
    #[error("the sealed message does not open with this key, purpose and context")]
    Refused,
    /// There is no data key at all: [`Vault::unlock`] was given none, or ids ran out.
    #[error("there is no data key")]
    NoKey,
}

/// The data keys, ready for use. It does not keep the master key.
pub struct Vault {
    keys: BTreeMap<u32, DataKey>,
    current: u32,
}

struct DataKey {
    bytes: Zeroizing<[u8; 32]>,
    /// One per purpose, in the order of [`Purpose::ALL`].
    subkeys: Vec<Prk>,
}

impl Vault {
    /// A vault with one new data key, and that key as it is to be stored.
    pub fn create(master: &MasterKey, entropy: &(impl Entropy + ?Sized)) -> (Self, WrappedKey) {
        let (key, wrapped) = make_data_key(1, master, entropy);
        (Self { keys: BTreeMap::from([(1, key)]), current: 1 }, wrapped)
    }

    /// The vault of the given stored data keys; the one with the highest id seals.
    ///
    /// # Errors
    /// [`VaultError::Refused`] when the master key is not the one they were wrapped with,
    /// [`VaultError::Malformed`] when a row is damaged, [`VaultError::NoKey`] when there is none.
    pub fn unlock(master: &MasterKey, stored: &[WrappedKey]) -> Result<Self, VaultError> {
        let mut keys = BTreeMap::new();
        for WrappedKey { id, wrapped } in stored {
            keys.insert(*id, DataKey::new(unwrap_key(*id, wrapped, master)?));
        }
        let current = *keys.last_key_value().ok_or(VaultError::NoKey)?.0;
        Ok(Self { keys, current })
    }

    /// Every data key wrapped anew, to replace the stored rows in one transaction: this is how the
    /// master key is rotated, and no data is touched.
    pub fn rewrap(&self, new_master: &MasterKey, entropy: &(impl Entropy + ?Sized)) -> Vec<WrappedKey> {
        self.keys.iter().map(|(id, key)| wrap_key(*id, &key.bytes, new_master, entropy)).collect()
    }

    /// Adds a data key that seals from now on, returned as it is to be stored (before anything is
    /// sealed with it). Older keys go on opening.
    ///
    /// # Errors
    /// [`VaultError::NoKey`] when all 2³² ids are used.
    pub fn add_key(&mut self, master: &MasterKey, entropy: &(impl Entropy + ?Sized)) -> Result<WrappedKey, VaultError> {
        let id = self.current.checked_add(1).ok_or(VaultError::NoKey)?;
        let (key, wrapped) = make_data_key(id, master, entropy);
        self.keys.insert(id, key);
        self.current = id;
        Ok(wrapped)
    }

    /// Encrypts `plaintext`. `context` says whose it is (a pool id, a pool id and a username): it
    /// is not stored, and opening needs the same again, so that a row cannot be moved to another.
    pub fn seal(
        &self,
        purpose: Purpose,
        context: &[u8],
        plaintext: &[u8],
        entropy: &(impl Entropy + ?Sized),
    ) -> Vec<u8> {
        let random: [u8; RANDOM] = world::bytes(entropy);
        let mut prefix = [0; PREFIX];
        if let Some((version, id)) = prefix.split_first_mut() {
            *version = VERSION;
            id.copy_from_slice(&self.current.to_be_bytes());
        }
        let sealed = self.keys.get(&self.current).and_then(|key| {
            let subkey = key.subkeys.get(purpose as usize)?;
            seal_with(subkey, &random, &associated(&prefix, purpose, context), plaintext)
        });
        // `current` names a key and every purpose has a subkey; AES-GCM itself refuses only
        // messages beyond 64 GiB.
        #[allow(clippy::expect_used)]
        let body = sealed.expect("a message of less than 64 GiB is sealed");
        [prefix.as_slice(), &random, &body].concat()
    }

    /// Fills `out` (at most 8,160 bytes) with what looks random and is always the same for `label`
    /// and `context`: the salt or verifier that an unknown user is given. It follows from the
    /// oldest data key, so it outlives restarts, added keys and changes of the master key.
    pub fn derive_dummy(&self, label: &[u8], context: &[u8], out: &mut [u8]) {
        let Some(key) = self.keys.values().next() else {
            return;
        };
        let Some(subkey) = key.subkeys.get(Purpose::Dummy as usize) else {
            return;
        };
        let info: [&[u8]; 3] = [label, b"\0", context];
        let filled = subkey.expand(&info, Length(out.len())).and_then(|okm| okm.fill(out));
        debug_assert!(filled.is_ok(), "no more than 8,160 bytes");
    }

    /// Decrypts what [`Vault::seal`] made for the same purpose and context.
    ///
    /// # Errors
    /// See [`VaultError`]; nothing is given away of a message that does not verify.
    pub fn open(&self, purpose: Purpose, context: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let (prefix, rest) = sealed.split_first_chunk::<PREFIX>().ok_or(VaultError::Malformed)?;
        let (random, body) = rest.split_first_chunk::<RANDOM>().ok_or(VaultError::Malformed)?;
        let [VERSION, id @ ..] = prefix else {
            return Err(VaultError::Malformed);
        };
        if body.len() < TAG {
            return Err(VaultError::Malformed);
        }
        let id = u32::from_be_bytes(*id);
        let key = self.keys.get(&id).ok_or(VaultError::UnknownKey(id))?;
        let subkey = key.subkeys.get(purpose as usize).ok_or(VaultError::Refused)?;
        open_with(subkey, random, &associated(prefix, purpose, context), body)
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault")
            .field("keys", &self.keys.keys().collect::<Vec<_>>())
            .field("current", &self.current)
            .finish()
    }
}

impl DataKey {
    fn new(bytes: Zeroizing<[u8; 32]>) -> Self {
        // The key is uniformly random, so HKDF's extraction step is skipped (RFC 5869 §3.3).
        let root = Prk::new_less_safe(HKDF_SHA256, bytes.as_slice());
        let subkeys = Purpose::ALL
            .iter()
            .map(|purpose| {
                let subkey = expand::<32>(&root, &[b"latchkey purpose ", purpose.label().as_bytes()]);
                Prk::new_less_safe(HKDF_SHA256, subkey.as_slice())
            })
            .collect();
        Self { bytes, subkeys }
    }
}

fn make_data_key(id: u32, master: &MasterKey, entropy: &(impl Entropy + ?Sized)) -> (DataKey, WrappedKey) {
    let mut bytes = Zeroizing::new([0; 32]);
    entropy.fill(&mut *bytes);
    let wrapped = wrap_key(id, &bytes, master, entropy);
    (DataKey::new(bytes), wrapped)
}

/// Version, 24 random bytes, encrypted key, tag; the id is authenticated.
fn wrap_key(id: u32, key: &[u8; 32], master: &MasterKey, entropy: &(impl Entropy + ?Sized)) -> WrappedKey {
    let random: [u8; RANDOM] = world::bytes(entropy);
    let master = Prk::new_less_safe(HKDF_SHA256, master.bytes());
    #[allow(clippy::expect_used)]
    let body = seal_with(&master, &random, &wrapping(id), key).expect("32 bytes are sealed");
    WrappedKey { id, wrapped: [[VERSION].as_slice(), &random, &body].concat() }
}

fn unwrap_key(id: u32, wrapped: &[u8], master: &MasterKey) -> Result<Zeroizing<[u8; 32]>, VaultError> {
    let Some((&VERSION, rest)) = wrapped.split_first() else {
        return Err(VaultError::Malformed);
    };
    let (random, body) = rest.split_first_chunk::<RANDOM>().ok_or(VaultError::Malformed)?;
    let master = Prk::new_less_safe(HKDF_SHA256, master.bytes());
    let key = open_with(&master, random, &wrapping(id), body)?;
    let mut bytes = Zeroizing::new([0; 32]);
    if key.len() != bytes.len() {
        return Err(VaultError::Malformed);
    }
    bytes.copy_from_slice(&key);
    Ok(bytes)
}

fn wrapping(id: u32) -> Vec<u8> {
    [b"latchkey data key ".as_slice(), &id.to_be_bytes()].concat()
}

/// No label holds a zero byte, so purpose and context cannot run into one another.
fn associated(prefix: &[u8; PREFIX], purpose: Purpose, context: &[u8]) -> Vec<u8> {
    [prefix.as_slice(), purpose.label().as_bytes(), &[0], context].concat()
}

fn seal_with(key: &Prk, random: &[u8; RANDOM], associated: &[u8], plaintext: &[u8]) -> Option<Vec<u8>> {
    let (key, nonce) = message_key(key, random)?;
    let mut body = Vec::with_capacity(plaintext.len() + TAG);
    body.extend_from_slice(plaintext);
    key.seal_in_place_append_tag(nonce, Aad::from(associated), &mut body).ok()?;
    Some(body)
}

fn open_with(
    key: &Prk,
    random: &[u8; RANDOM],
    associated: &[u8],
    body: &[u8],
) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let (key, nonce) = message_key(key, random).ok_or(VaultError::Refused)?;
    let mut plaintext = Zeroizing::new(body.to_vec());
    let length =
        key.open_in_place(nonce, Aad::from(associated), &mut plaintext).map_err(|_| VaultError::Refused)?.len();
    plaintext.truncate(length);
    Ok(plaintext)
}

fn message_key(key: &Prk, random: &[u8; RANDOM]) -> Option<(LessSafeKey, Nonce)> {
    let (derive, nonce) = random.split_last_chunk::<NONCE_LEN>()?;
    let bytes = expand::<32>(key, &[b"latchkey message ", derive]);
    let key = UnboundKey::new(&AES_256_GCM, bytes.as_slice()).ok()?;
    Some((LessSafeKey::new(key), Nonce::assume_unique_for_key(*nonce)))
}

struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

/// HKDF-Expand (RFC 5869 §2.3) to `N` bytes; `N` is at most 32 here, far below the limit of 8160.
fn expand<const N: usize>(key: &Prk, info: &[&[u8]]) -> Zeroizing<[u8; N]> {
    let mut out = Zeroizing::new([0; N]);
    let filled = key.expand(info, Length(N)).and_then(|okm| okm.fill(&mut *out));
    #[allow(clippy::expect_used)]
    filled.expect("HKDF gives 32 bytes");
    out
}
