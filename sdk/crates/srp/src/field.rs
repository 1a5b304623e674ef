//! Arithmetic modulo N, the 3072-bit prime of RFC 3526 group 15.
//!
//! Elements are in Montgomery form, 110 limbs of 28 bits in radix 2^28. The short limbs are
//! the point: a column of 2·110 products of 56 bits fits a `u64`, so the inner loops are bare
//! multiply-adds without carries, which every engine (and the vectorizer) likes, 32-bit
//! WebAssembly most of all.
//!
//! R = 2^3080 is 256·N, so results below 2N need no final subtraction: with factors below
//! 4N, (a·b + m·N)/R < N·(16/256 + 1) < 2N.
//!
//! N + 1 is a multiple of 2^64, so −1/N mod 2^28 is 1: a reduction digit is the column's
//! own low limb, and m·N is added as m·(N + 1) − m, the second term being what clears the limb.
//!
//! Constant time: loops and indices depend on public lengths only; selections are masked.
#![allow(
    clippy::indexing_slicing,
    reason = "every index is bounded by the fixed array lengths, and bounds-checked access would hide the arithmetic"
)]

use zeroize::{Zeroize, Zeroizing};

/// Bytes of N.
pub(crate) const BYTES: usize = 384;
const LIMBS: usize = 110;
const BITS: usize = 28;
const MASK: u32 = (1 << BITS) - 1;
/// Bits of the top limb that belong to a 3072-bit number.
const TOP_BITS: usize = 3072 - (LIMBS - 1) * BITS;
/// Width of an exponentiation window.
const WINDOW: usize = 5;

type Limbs = [u32; LIMBS];

const N_HEX: &[u8; 2 * BYTES] = b"\
FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD\
EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED\
EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F\
83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B\
E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510\
15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7\
ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C\
BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF";

const N: Limbs = modulus();
/// N + 1 with its limbs reversed, so that a column is a dot product of two forward slices.
const N1_REVERSED: Limbs = {
    let mut out = [0; LIMBS];
    let mut i = 0;
    let mut carry = 1;
    while i < LIMBS {
        let sum = N[i] + carry;
        out[LIMBS - 1 - i] = sum & MASK;
        carry = sum >> BITS;
        i += 1;
    }
    out
};

const fn modulus() -> Limbs {
    let mut out = [0; LIMBS];
    let mut i = 0;
    // 28 bits are 7 digits: the limbs are the hex text cut from its end.
    while i < 2 * BYTES {
        let digit = N_HEX[2 * BYTES - 1 - i];
        let value = if digit <= b'9' {
            digit - b'0'
        } else {
            digit - b'A' + 10
        };
        out[i / 7] |= (value as u32) << (4 * (i % 7));
        i += 1;
    }
    out
}

/// An integer modulo N in Montgomery form. Not wiped by itself: what holds one that is
/// secret wraps it in [`Zeroizing`].
#[derive(Clone)]
pub(crate) struct Element(Limbs);

impl Zeroize for Element {
    fn zeroize(&mut self) {
        self.0.zeroize();
    }
}

/// The low 28 bits of a column.
#[expect(clippy::cast_possible_truncation, reason = "masked")]
#[inline(always)]
fn low(column: u64) -> u32 {
    column as u32 & MASK
}

/// Σ a[i]·b[i] without carries.
#[inline(always)]
fn dot(a: &[u32], b: &[u32]) -> u64 {
    a.iter()
        .zip(b)
        .map(|(a, b)| u64::from(*a) * u64::from(*b))
        .sum()
}

fn reversed(a: &Limbs) -> Limbs {
    let mut out = *a;
    out.reverse();
    out
}

/// Montgomery product from a function that sums the products of column `k` (of 2·LIMBS − 1).
#[inline(always)]
fn montgomery(column: impl Fn(usize) -> u64) -> Limbs {
    let mut m = [0; LIMBS];
    let mut out = [0; LIMBS];
    let mut carry = 0u64;
    for k in 0..LIMBS {
        let sum = carry + column(k) + dot(&m[..k], &N1_REVERSED[LIMBS - 1 - k..LIMBS - 1]);
        m[k] = low(sum);
        carry = sum >> BITS;
    }
    for k in LIMBS..2 * LIMBS - 1 {
        let from = k + 1 - LIMBS;
        let sum = carry + column(k) + dot(&m[from..], &N1_REVERSED[..LIMBS - from]);
        out[k - LIMBS] = low(sum);
        carry = sum >> BITS;
    }
    out[LIMBS - 1] = low(carry);
    m.zeroize();
    out
}

#[inline(never)]
fn multiply(a: &Limbs, b: &Limbs) -> Limbs {
    let b = Zeroizing::new(reversed(b));
    montgomery(|k| {
        if k < LIMBS {
            dot(&a[..=k], &b[LIMBS - 1 - k..])
        } else {
            dot(&a[k + 1 - LIMBS..], &b[..2 * LIMBS - 1 - k])
        }
    })
}

#[inline(never)]
fn square(a: &Limbs) -> Limbs {
    let b = Zeroizing::new(reversed(a));
    montgomery(|k| {
        // a[i]·a[k − i] for i < k − i, twice, and the middle once.
        let from = (k + 1).saturating_sub(LIMBS);
        let half = (k + 1) / 2;
        let start = LIMBS - 1 - k.min(LIMBS - 1);
        let twice = dot(&a[from..half], &b[start..start + half - from]) << 1;
        let middle = u64::from(a[k / 2]) * u64::from(k % 2 == 0);
        twice + middle * u64::from(a[k / 2])
    })
}

impl Element {
    /// 1, that is R mod N.
    pub(crate) fn one() -> Self {
        // R = 2^8·2^3072 and 2^3072 ≡ 2^3072 − N.
        let mut limbs = [0; LIMBS];
        limbs[LIMBS - 1] = 1 << (TOP_BITS - 1);
        Self(limbs).times_power_of_two(1 + 8)
    }

    /// 2^power·self for a power below 32, by a shift and one folding of the bits above 3072:
    /// g is 2, so this is how a window of its exponent is multiplied in.
    fn times_power_of_two(&self, power: u32) -> Self {
        let mut out = [0; LIMBS];
        let mut carry = 0u64;
        for (to, from) in out.iter_mut().zip(&self.0[..LIMBS - 1]) {
            let sum = (u64::from(*from) << power) + carry;
            *to = low(sum);
            carry = sum >> BITS;
        }
        let top = (u64::from(self.0[LIMBS - 1]) << power) + carry;
        let high = top >> TOP_BITS;
        out[LIMBS - 1] = low(top & ((1 << TOP_BITS) - 1));
        // high·(2^3072 − N), where 2^3072 − N = (complement of N) + 1, is below 2^(33 + 3008).
        let mut carry = high;
        for (i, (to, n)) in out.iter_mut().zip(&N).enumerate() {
            let ones = if i == LIMBS - 1 {
                (1 << TOP_BITS) - 1
            } else {
                MASK
            };
            let sum = u64::from(*to) + high * u64::from(n ^ ones) + carry;
            *to = low(sum);
            carry = sum >> BITS;
        }
        Self(out)
    }

    /// R² mod N in plain form, the factor that brings an integer into Montgomery form:
    /// 2^3080 = (2^24)^128·2^8.
    fn r_squared() -> Self {
        let mut out = Self::one().times_power_of_two(24);
        for _ in 0..7 {
            out = out.square();
        }
        out.times_power_of_two(8)
    }

    /// The integer of up to 384 bytes as it is, not in Montgomery form.
    fn raw(bytes: &[u8]) -> Limbs {
        let mut limbs = [0; LIMBS];
        let (mut held, mut bits, mut at) = (0u64, 0, 0);
        for byte in bytes.iter().rev().take(BYTES) {
            held |= u64::from(*byte) << bits;
            bits += 8;
            if bits >= BITS {
                limbs[at] = low(held);
                held >>= BITS;
                bits -= BITS;
                at += 1;
            }
        }
        if at < LIMBS {
            limbs[at] = low(held);
        }
        limbs
    }

    /// The big-endian integer, of any length, modulo N. Time depends on the length.
    pub(crate) fn from_be_bytes(bytes: &[u8]) -> Self {
        let factor = Self::r_squared();
        let mut out = Self([0; LIMBS]);
        let mut chunks = bytes.rchunks(BYTES).rev();
        if let Some(first) = chunks.next() {
            out = Self(multiply(&Self::raw(first), &factor.0));
        }
        if bytes.len() > BYTES {
            // Horner with 2^3072 ≡ 2^3072 − N.
            let mut step = [0; LIMBS];
            step[LIMBS - 1] = 1 << (TOP_BITS - 1);
            let step = Self(multiply(&step, &factor.0)).times_power_of_two(1);
            for chunk in chunks {
                out = out
                    .multiply(&step)
                    .add(&Self(multiply(&Self::raw(chunk), &factor.0)));
            }
        }
        out
    }

    /// The least non-negative integer, 384 big-endian bytes.
    pub(crate) fn to_be_bytes(&self) -> Zeroizing<[u8; BYTES]> {
        let mut one = [0; LIMBS];
        one[0] = 1;
        let mut plain = Zeroizing::new(multiply(&self.0, &one));
        // At most N: one masked subtraction.
        let mut less = Zeroizing::new([0; LIMBS]);
        let mut borrow = 0u32;
        for ((to, from), n) in less.iter_mut().zip(plain.iter()).zip(&N) {
            let difference = from.wrapping_sub(*n).wrapping_sub(borrow);
            *to = difference & MASK;
            borrow = difference >> 31;
        }
        let keep = 0u32.wrapping_sub(borrow);
        for (to, less) in plain.iter_mut().zip(less.iter()) {
            *to = (*to & keep) | (less & !keep);
        }
        let mut out = Zeroizing::new([0; BYTES]);
        let (mut held, mut bits, mut limbs) = (0u64, 0, plain.iter());
        for byte in out.iter_mut().rev() {
            if bits < 8 {
                held |= u64::from(limbs.next().copied().unwrap_or_default()) << bits;
                bits += BITS;
            }
            *byte = (held & 0xff) as u8;
            held >>= 8;
            bits -= 8;
        }
        out
    }

    pub(crate) fn multiply(&self, other: &Self) -> Self {
        Self(multiply(&self.0, &other.0))
    }

    pub(crate) fn square(&self) -> Self {
        Self(square(&self.0))
    }

    /// self + other. Each addend must come out of a multiplication; so must what a sum is
    /// multiplied with.
    pub(crate) fn add(&self, other: &Self) -> Self {
        let mut out = [0; LIMBS];
        let mut carry = 0;
        for ((to, a), b) in out.iter_mut().zip(&self.0).zip(&other.0) {
            let sum = a + b + carry;
            *to = sum & MASK;
            carry = sum >> BITS;
        }
        Self(out)
    }

    /// self − other, as self + 2N − other. Same condition as [`Element::add`].
    pub(crate) fn subtract(&self, other: &Self) -> Self {
        let mut out = [0; LIMBS];
        let mut carry = 0i64;
        for (((to, a), b), n) in out.iter_mut().zip(&self.0).zip(&other.0).zip(&N) {
            let sum = i64::from(*a) + 2 * i64::from(*n) - i64::from(*b) + carry;
            *to = low(sum.cast_unsigned());
            carry = sum >> BITS;
        }
        Self(out)
    }

    /// self^exponent, big-endian bytes; time depends on their number, not on their value.
    pub(crate) fn power(&self, exponent: &[u8]) -> Self {
        let mut table = Zeroizing::new(vec![Self::one(), self.clone()]);
        table.reserve_exact((1 << WINDOW) - 2);
        for i in 2..1 << WINDOW {
            let next = if i % 2 == 0 {
                table[i / 2].square()
            } else {
                table[i - 1].multiply(self)
            };
            table.push(next);
        }
        let windows = (exponent.len() * 8).div_ceil(WINDOW);
        let mut out = Zeroizing::new(Self::one());
        for window in (0..windows).rev() {
            if window + 1 != windows {
                for _ in 0..WINDOW {
                    *out = out.square();
                }
            }
            let chosen = Zeroizing::new(select(&table, digit(exponent, window * WINDOW, WINDOW)));
            *out = out.multiply(&chosen);
        }
        Self::clone(&out)
    }

    /// 2^exponent, big-endian bytes; time depends on their number, not on their value. The
    /// base being 2, it costs its squarings alone.
    pub(crate) fn power_of_two(exponent: &[u8]) -> Self {
        // The leading bits, as long as 2^bits is a number below 2^3072, cost nothing.
        let bits = exponent.len() * 8;
        let head =
            (bits % WINDOW + 2 * WINDOW).min(bits) - if bits % WINDOW > 1 { WINDOW } else { 0 };
        let place = digit(exponent, bits - head, head);
        let mut limbs = Zeroizing::new([0; LIMBS]);
        for (i, limb) in (0u32..).zip(limbs.iter_mut()) {
            for bit in 0..BITS as u32 {
                *limb |= equal_mask(i * BITS as u32 + bit, place) & (1 << bit);
            }
        }
        let mut out = Zeroizing::new(Self(multiply(&limbs, &Self::r_squared().0)));
        for window in (0..(bits - head) / WINDOW).rev() {
            for _ in 0..WINDOW {
                *out = out.square();
            }
            *out = out.times_power_of_two(digit(exponent, window * WINDOW, WINDOW));
        }
        Self::clone(&out)
    }
}

/// `width` bits of a big-endian integer from bit `at` on; bits past its end are zero.
fn digit(integer: &[u8], at: usize, width: usize) -> u32 {
    let byte = |i: usize| {
        let index = integer.len().checked_sub(i + 1);
        u32::from(
            index
                .and_then(|i| integer.get(i))
                .copied()
                .unwrap_or_default(),
        )
    };
    let from = at / 8;
    let held = byte(from) | byte(from + 1) << 8 | byte(from + 2) << 16;
    held >> (at % 8) & ((1 << width) - 1)
}

/// All ones when the small numbers are equal, else zero.
fn equal_mask(a: u32, b: u32) -> u32 {
    ((a ^ b).wrapping_sub(1) >> 31).wrapping_neg()
}

/// `table[index]` by a scan of all of it.
fn select(table: &[Element], index: u32) -> Element {
    let mut out = [0; LIMBS];
    for (i, entry) in (0u32..).zip(table) {
        let mask = equal_mask(i, index);
        for (to, from) in out.iter_mut().zip(&entry.0) {
            *to |= from & mask;
        }
    }
    Element(out)
}
