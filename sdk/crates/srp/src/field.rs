//! Arithmetic modulo N, the 3072-bit prime of RFC 3526 group 15.
//!
//! [`Element`] is the arithmetic: exponents, windows, bytes. Below it lie two ways to hold a
//! number, [`short`] (28-bit limbs, for WebAssembly) and [`wide`] (64-bit limbs, for
//! processors that multiply such), with one contract, [`Limbs`].
//!
//! Constant time: loops and indices depend on public lengths only; selections are masked.
#![allow(
    clippy::indexing_slicing,
    reason = "every index is bounded by a fixed array length, and checked access would hide the arithmetic"
)]

#[cfg(any(test, not(target_pointer_width = "64")))]
mod short;
#[cfg(test)]
mod tests;
#[cfg(target_pointer_width = "64")]
mod wide;

use alloc::vec::Vec;

use zeroize::{Zeroize, Zeroizing};

/// Bytes of N.
pub(crate) const BYTES: usize = 384;
/// Width of an exponentiation window.
const WINDOW: usize = 5;

const N_HEX: &[u8; 2 * BYTES] = b"\
FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD\
EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED\
EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F\
83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B\
E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510\
15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7\
ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C\
BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF";

#[cfg(target_pointer_width = "64")]
type Best = wide::Wide;
#[cfg(not(target_pointer_width = "64"))]
type Best = short::Short;

/// A number of at least 3078 bits, and Montgomery's product of two such.
///
/// R = 2^[`R_BITS`](Limbs::R_BITS) is at least 256·N. So results need no final subtraction:
/// with factors below 4N, (a·b + m·N)/R < N·(16/256 + 1) < 2N. Products are below 2N, a sum
/// or difference of two products is below 4N, and only products may be added, subtracted or
/// shifted.
///
/// N + 1 is a multiple of 2^64, so −1/N modulo a limb is 1: a reduction digit is the number's
/// own low limb, and m·N is added as m·(N + 1) − m, the second term being what clears the limb.
pub(crate) trait Limbs: Clone + Zeroize {
    const R_BITS: u32;
    /// The integer of up to 384 bytes, as it is.
    fn from_be_bytes(bytes: &[u8]) -> Self;
    /// A number up to N, modulo N.
    fn to_be_bytes(&self) -> Zeroizing<[u8; BYTES]>;
    /// a·b/R.
    fn multiply(&self, other: &Self) -> Self;
    /// a·a/R.
    fn square(&self) -> Self;
    fn add(&self, other: &Self) -> Self;
    /// a + 2N − b.
    #[cfg_attr(not(feature = "client"), allow(dead_code, reason = "only the client subtracts"))]
    fn subtract(&self, other: &Self) -> Self;
    /// a·2^power, below 2N, for a power below 32: a shift and one folding of the bits above 3072
    /// with 2^3072 ≡ 2^3072 − N, which is below 2^3009.
    fn shift(&self, power: u32) -> Self;
    /// Takes over `other` where `mask` is all ones, nothing where it is zero.
    fn or_masked(&mut self, other: &Self, mask: u32);
}

/// An integer modulo N in Montgomery form. Not wiped by itself: what holds one that is
/// secret wraps it in [`Zeroizing`].
#[derive(Clone)]
pub(crate) struct Residue<L>(L);

/// The residue in the limbs that suit the machine.
pub(crate) type Element = Residue<Best>;
/// Its powers of g.
#[cfg(feature = "server")]
pub(crate) type ElementPowers = Powers<Best>;

impl<L: Limbs> Zeroize for Residue<L> {
    fn zeroize(&mut self) {
        self.0.zeroize();
    }
}

#[allow(private_bounds, reason = "the contract of the limbs is this module's affair")]
impl<L: Limbs> Residue<L> {
    /// 1, that is R mod N.
    fn one() -> Self {
        let mut limbs = L::from_be_bytes(&HALF);
        let mut power = L::R_BITS - 3071;
        while power > 0 {
            limbs = limbs.shift(power.min(31));
            power -= power.min(31);
        }
        Self(limbs)
    }

    /// R² mod N, the factor that brings an integer into Montgomery form: 2^R_BITS in that form.
    fn r_squared() -> L {
        let mut out = Self::one().0.shift(L::R_BITS >> 7);
        for i in (0..7).rev() {
            out = out.square().shift(L::R_BITS >> i & 1);
        }
        out
    }

    /// The big-endian integer, of any length, modulo N. Time depends on the length.
    pub(crate) fn from_be_bytes(bytes: &[u8]) -> Self {
        let factor = Self::r_squared();
        let enter = |bytes: &[u8]| Self(L::from_be_bytes(bytes).multiply(&factor));
        let mut chunks = bytes.rchunks(BYTES).rev();
        let mut out = enter(chunks.next().unwrap_or_default());
        if bytes.len() > BYTES {
            let step = Self(enter(&HALF).0.shift(1));
            for chunk in chunks {
                out = out.multiply(&step).add(&enter(chunk));
            }
        }
        out
    }

    /// The least non-negative integer, 384 big-endian bytes.
    pub(crate) fn to_be_bytes(&self) -> Zeroizing<[u8; BYTES]> {
        Zeroizing::new(self.0.multiply(&L::from_be_bytes(&[1]))).to_be_bytes()
    }

    /// self·other.
    pub(crate) fn multiply(&self, other: &Self) -> Self {
        Self(self.0.multiply(&other.0))
    }

    /// self + other, both being products.
    pub(crate) fn add(&self, other: &Self) -> Self {
        Self(self.0.add(&other.0))
    }

    /// self − other, both being products.
    #[cfg(any(test, feature = "client"))]
    pub(crate) fn subtract(&self, other: &Self) -> Self {
        Self(self.0.subtract(&other.0))
    }

    /// self^exponent, big-endian bytes; time depends on their number, not on their value.
    pub(crate) fn power(&self, exponent: &[u8]) -> Self {
        let mut table = Zeroizing::new(Vec::with_capacity(1 << WINDOW));
        table.push(Self::one());
        table.push(self.clone());
        for i in 2..1 << WINDOW {
            let next = if i % 2 == 0 { Self(table[i / 2].0.square()) } else { table[i - 1].multiply(self) };
            table.push(next);
        }
        let windows = (exponent.len() * 8).div_ceil(WINDOW);
        let mut out = Zeroizing::new(Self::one());
        for window in (0..windows).rev() {
            if window + 1 != windows {
                for _ in 0..WINDOW {
                    out.0 = out.0.square();
                }
            }
            let chosen = Zeroizing::new(select(&table, digit(exponent, window * WINDOW, WINDOW)));
            *out = out.multiply(&chosen);
        }
        Self::clone(&out)
    }

    /// 2^exponent, big-endian bytes; time depends on their number, not on their value. The
    /// base being 2, it costs its squarings alone: a window is multiplied in by a shift, and
    /// as many leading bits as name a power below 2^3072 are a single bit set.
    pub(crate) fn power_of_two(exponent: &[u8]) -> Self {
        let bits = exponent.len() * 8;
        let odd = bits % WINDOW;
        let head = (odd + if odd > 1 { WINDOW } else { 2 * WINDOW }).min(bits);
        let place = digit(exponent, bits - head, head);
        let mut start = Zeroizing::new([0; BYTES]);
        for (i, byte) in (0..).zip(start.iter_mut().rev()) {
            *byte = (equal_mask(i, place >> 3) & (1 << (place & 7))) as u8;
        }
        let start = Zeroizing::new(L::from_be_bytes(start.as_slice()));
        let mut out = Zeroizing::new(start.multiply(&Self::r_squared()));
        for window in (0..(bits - head) / WINDOW).rev() {
            for _ in 0..WINDOW {
                *out = out.square();
            }
            *out = out.shift(digit(exponent, window * WINDOW, WINDOW));
        }
        Self(L::clone(&out))
    }
}

/// Powers of g laid out beforehand, for a process that raises it to many exponents:
/// 63 products for 256 bits instead of 245 squarings, for 400 kB.
#[cfg(any(test, feature = "server"))]
pub(crate) struct Powers<L>(Vec<Residue<L>>);

#[cfg(any(test, feature = "server"))]
impl<L: Limbs> Powers<L> {
    const WINDOW: usize = 4;
    const WINDOWS: usize = 256 / Self::WINDOW;

    /// All 2^(d·16^i), at 16·i + d.
    pub(crate) fn new() -> Self {
        let mut table = Vec::with_capacity(Self::WINDOWS << Self::WINDOW);
        let mut base = Residue(Residue::<L>::one().0.shift(1));
        for _ in 0..Self::WINDOWS {
            let mut power = Residue::one();
            for _ in 0..1 << Self::WINDOW {
                let next = power.multiply(&base);
                table.push(power);
                power = next;
            }
            base = power;
        }
        Self(table)
    }

    /// 2^exponent, big-endian bytes; time does not depend on their value.
    pub(crate) fn power(&self, exponent: &[u8; 32]) -> Residue<L> {
        let mut out = Zeroizing::new(Residue::one());
        for (i, row) in self.0.chunks_exact(1 << Self::WINDOW).enumerate() {
            let index = digit(exponent, i * Self::WINDOW, Self::WINDOW);
            let chosen = Zeroizing::new(select(row, index));
            *out = if i == 0 { Residue::clone(&chosen) } else { out.multiply(&chosen) };
        }
        Residue::clone(&out)
    }
}

/// 2^3071.
const HALF: [u8; BYTES] = {
    let mut out = [0; BYTES];
    out[0] = 0x80;
    out
};

/// The value of digit `i` of N in hex, counted from its end.
const fn n_digit(i: usize) -> u8 {
    let digit = N_HEX[2 * BYTES - 1 - i];
    if digit <= b'9' { digit - b'0' } else { digit - b'A' + 10 }
}

/// `width` bits of a big-endian integer from bit `at` on; bits past its end are zero.
fn digit(integer: &[u8], at: usize, width: usize) -> u32 {
    let byte = |i: usize| {
        let index = integer.len().checked_sub(i + 1);
        u32::from(index.and_then(|i| integer.get(i)).copied().unwrap_or_default())
    };
    let from = at / 8;
    let held = byte(from) | byte(from + 1) << 8 | byte(from + 2) << 16;
    held >> (at % 8) & ((1 << width) - 1)
}

/// All ones when the numbers, both below 2^31, are equal, else zero.
fn equal_mask(a: u32, b: u32) -> u32 {
    ((a ^ b).wrapping_sub(1) >> 31).wrapping_neg()
}

/// `table[index]` by a scan of all of it.
fn select<L: Limbs>(table: &[Residue<L>], index: u32) -> Residue<L> {
    let mut out = L::from_be_bytes(&[]);
    for (i, entry) in (0..).zip(table) {
        out.or_masked(&entry.0, equal_mask(i, index));
    }
    Residue(out)
}
