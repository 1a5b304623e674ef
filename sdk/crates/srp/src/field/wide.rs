//! Numbers in 49 limbs of 64 bits, for processors that multiply such.

use super::{BYTES, Limbs, n_digit};
use zeroize::{Zeroize, Zeroizing};

/// Limbs of N, and of a number.
const FULL: usize = BYTES / 8;
const LIMBS: usize = FULL + 1;

const N: [u64; FULL] = {
    let mut out = [0; FULL];
    let mut i = 0;
    while i < 2 * BYTES {
        out[i / 16] |= (n_digit(i) as u64) << (4 * (i % 16));
        i += 1;
    }
    out
};

/// (N + 1)/2^64: limb 0 of N is all ones and limb 1 is not.
const N1: [u64; FULL - 1] = {
    let mut out = [0; FULL - 1];
    let mut i = 0;
    while i < FULL - 1 {
        out[i] = N[i + 1];
        i += 1;
    }
    out[0] += 1;
    out
};

/// A number below 2^3136.
#[derive(Clone)]
pub(crate) struct Wide([u64; LIMBS]);

impl Zeroize for Wide {
    fn zeroize(&mut self) {
        self.0.zeroize();
    }
}

/// Both halves of a double limb.
#[inline(always)]
fn halves(double: u128) -> (u64, u64) {
    (double as u64, (double >> 64) as u64)
}

/// Adds a·b to the limbs; the carry out is returned.
#[inline(always)]
fn add_row(to: &mut [u64], a: u64, b: &[u64]) -> u64 {
    let mut carry = 0;
    for (to, b) in to.iter_mut().zip(b) {
        (*to, carry) = halves(u128::from(a) * u128::from(*b) + u128::from(*to) + u128::from(carry));
    }
    carry
}

/// The number divided by R modulo N.
#[inline(always)]
fn reduce(double: &mut [u64; 2 * LIMBS]) -> Wide {
    let mut carry = 0;
    for i in 0..LIMBS {
        let digit = double[i];
        let out = add_row(&mut double[i + 1..i + FULL], digit, &N1);
        let (sum, over) = double[i + FULL].overflowing_add(out);
        let (sum, again) = sum.overflowing_add(carry);
        double[i + FULL] = sum;
        carry = u64::from(over | again);
    }
    double[2 * LIMBS - 1] += carry;
    let mut out = [0; LIMBS];
    out.copy_from_slice(&double[LIMBS..]);
    double.zeroize();
    Wide(out)
}

impl Limbs for Wide {
    const R_BITS: u32 = 64 * LIMBS as u32;

    fn from_be_bytes(bytes: &[u8]) -> Self {
        let mut out = [0; LIMBS];
        for (limb, chunk) in out.iter_mut().take(FULL).zip(bytes.rchunks(8)) {
            *limb = chunk
                .iter()
                .fold(0, |limb, byte| limb << 8 | u64::from(*byte));
        }
        Self(out)
    }

    fn to_be_bytes(&self) -> Zeroizing<[u8; BYTES]> {
        // One masked subtraction of N.
        let mut less = Zeroizing::new([0; FULL]);
        let mut borrow = false;
        for (to, (from, n)) in less.iter_mut().zip(self.0.iter().zip(&N)) {
            let (difference, under) = from.overflowing_sub(*n);
            let (difference, again) = difference.overflowing_sub(u64::from(borrow));
            (*to, borrow) = (difference, under | again);
        }
        let keep = u64::from(borrow).wrapping_neg();
        let mut out = Zeroizing::new([0; BYTES]);
        for (bytes, (a, b)) in out.rchunks_mut(8).zip(self.0.iter().zip(less.iter())) {
            bytes.copy_from_slice(&(a & keep | b & !keep).to_be_bytes());
        }
        out
    }

    #[inline(never)]
    fn multiply(&self, other: &Self) -> Self {
        let mut double = [0; 2 * LIMBS];
        for (i, a) in self.0.iter().enumerate() {
            double[i + LIMBS] = add_row(&mut double[i..i + LIMBS], *a, &other.0);
        }
        reduce(&mut double)
    }

    #[inline(never)]
    fn square(&self) -> Self {
        // a[i]·a[j] for i < j, twice, and the squares on the diagonal.
        let mut double = [0; 2 * LIMBS];
        for (i, a) in self.0.iter().enumerate() {
            double[i + LIMBS] = add_row(&mut double[2 * i + 1..i + LIMBS], *a, &self.0[i + 1..]);
        }
        let (mut shifted, mut carry) = (0, 0);
        for (pair, a) in double.chunks_exact_mut(2).zip(&self.0) {
            let square = u128::from(*a) * u128::from(*a);
            let (low, high) = halves(square);
            let (even, odd) = (pair[0] << 1 | shifted, pair[1] << 1 | pair[0] >> 63);
            shifted = pair[1] >> 63;
            (pair[0], carry) = halves(u128::from(even) + u128::from(low) + u128::from(carry));
            (pair[1], carry) = halves(u128::from(odd) + u128::from(high) + u128::from(carry));
        }
        reduce(&mut double)
    }

    fn add(&self, other: &Self) -> Self {
        let mut out = self.clone();
        let mut carry = 0;
        for (to, b) in out.0.iter_mut().zip(&other.0) {
            (*to, carry) = halves(u128::from(*to) + u128::from(*b) + u128::from(carry));
        }
        out
    }

    fn subtract(&self, other: &Self) -> Self {
        let mut out = self.clone();
        let mut carry = 0i128;
        for (to, (b, n)) in out
            .0
            .iter_mut()
            .zip(other.0.iter().zip(N.iter().chain(&[0])))
        {
            let sum = i128::from(*to) + 2 * i128::from(*n) - i128::from(*b) + carry;
            *to = halves(sum.cast_unsigned()).0;
            carry = sum >> 64;
        }
        out
    }

    fn shift(&self, power: u32) -> Self {
        let mut out = self.clone();
        let mut carry = 0;
        for to in &mut out.0 {
            (*to, carry) = halves(u128::from(*to) << power | u128::from(carry));
        }
        // 2^3072 − N is the complement of N, and one.
        let high = core::mem::take(&mut out.0[FULL]);
        let mut carry = high;
        for (to, n) in out.0.iter_mut().zip(&N) {
            (*to, carry) =
                halves(u128::from(high) * u128::from(!n) + u128::from(*to) + u128::from(carry));
        }
        out.0[FULL] = carry;
        out
    }

    fn or_masked(&mut self, other: &Self, mask: u32) {
        let mask = u64::from(mask & 1).wrapping_neg();
        for (to, from) in self.0.iter_mut().zip(&other.0) {
            *to |= from & mask;
        }
    }
}
