//! Numbers in 49 limbs of 64 bits, for processors that multiply such.

use zeroize::{Zeroize, Zeroizing};

use super::{BYTES, Limbs, n_digit};

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

/// A column: the sum of double limbs, in three limbs.
#[derive(Clone, Copy, Default)]
struct Column(u128, u64);

impl Column {
    #[inline(always)]
    fn add(&mut self, double: u128) {
        let over;
        (self.0, over) = self.0.overflowing_add(double);
        self.1 += u64::from(over);
    }

    #[inline(always)]
    fn add_column(&mut self, other: Self) {
        self.add(other.0);
        self.1 += other.1;
    }

    /// Σ a[i]·b[last − i].
    #[inline(always)]
    fn add_products(&mut self, a: &[u64], b: &[u64]) {
        let mut sum = *self;
        for (a, b) in a.iter().zip(b.iter().rev()) {
            sum.add(u128::from(*a) * u128::from(*b));
        }
        *self = sum;
    }

    #[inline(always)]
    fn twice(self) -> Self {
        Self(self.0 << 1, self.1 << 1 | (self.0 >> 127) as u64)
    }

    /// The lowest limb, which leaves.
    #[inline(always)]
    fn take(&mut self) -> u64 {
        let (low, high) = halves(self.0);
        *self = Self(u128::from(high) | u128::from(self.1) << 64, 0);
        low
    }
}

/// Montgomery's product from a function that adds column `k`.
#[inline(always)]
fn montgomery(column: impl Fn(usize, &mut Column)) -> Wide {
    let mut m = [0; LIMBS];
    let mut out = [0; LIMBS];
    let mut sum = Column::default();
    for k in 0..LIMBS {
        column(k, &mut sum);
        // The digits' products with limbs 1 to 47 of N + 1; its limb 0 is zero.
        let first = (k + 1).saturating_sub(FULL);
        sum.add_products(&m[first..k], &N1[..k - first]);
        m[k] = sum.take();
    }
    for k in LIMBS..2 * LIMBS - 1 {
        column(k, &mut sum);
        let first = k + 1 - FULL;
        sum.add_products(&m[first..], &N1[k - LIMBS..]);
        out[k - LIMBS] = sum.take();
    }
    out[LIMBS - 1] = sum.take();
    m.zeroize();
    Wide(out)
}

/// The limbs that meet in column `k`: from the first index to the last.
#[inline(always)]
fn span(k: usize) -> (usize, usize) {
    ((k + 1).saturating_sub(LIMBS), k.min(LIMBS - 1))
}

impl Limbs for Wide {
    const R_BITS: u32 = 64 * LIMBS as u32;

    fn from_be_bytes(bytes: &[u8]) -> Self {
        let mut out = [0; LIMBS];
        for (limb, chunk) in out.iter_mut().take(FULL).zip(bytes.rchunks(8)) {
            *limb = chunk.iter().fold(0, |limb, byte| limb << 8 | u64::from(*byte));
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
        montgomery(|k, sum| {
            let (first, last) = span(k);
            sum.add_products(&self.0[first..=last], &other.0[first..=last]);
        })
    }

    #[inline(never)]
    fn square(&self) -> Self {
        montgomery(|k, sum| {
            // a[i]·a[k − i] for i < k − i, twice, and the middle once.
            let (first, last) = span(k);
            let half = k.div_ceil(2);
            let mut once = Column::default();
            once.add_products(&self.0[first..half], &self.0[k + 1 - half..=last]);
            sum.add_column(once.twice());
            if k % 2 == 0 {
                sum.add(u128::from(self.0[k / 2]) * u128::from(self.0[k / 2]));
            }
        })
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
        for (to, (b, n)) in out.0.iter_mut().zip(other.0.iter().zip(N.iter().chain(&[0]))) {
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
            (*to, carry) = halves(u128::from(high) * u128::from(!n) + u128::from(*to) + u128::from(carry));
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
