//! Numbers in 112 limbs of 28 bits. The short limbs are the point: a column of 2·112 products
//! of 56 bits fits a `u64`, so the inner loops are bare multiply-adds without carries, which
//! 32-bit WebAssembly likes best. They go in blocks of four by four: sixteen products for
//! eight loads.

use zeroize::{Zeroize, Zeroizing};

use super::{BYTES, Limbs, n_digit};

const BITS: usize = 28;
const MASK: u32 = (1 << BITS) - 1;
/// Limbs of a block, and blocks of a number.
const BLOCK: usize = 4;
const BLOCKS: usize = 28;
const LIMBS: usize = BLOCK * BLOCKS;
/// The limb in which a 3072-bit number ends, and how many of its bits belong to it.
const TOP: usize = 3072 / BITS;
const TOP_BITS: usize = 3072 % BITS;

type Block = [u32; BLOCK];

const N: [Block; BLOCKS] = {
    let mut out = [[0; BLOCK]; BLOCKS];
    let mut i = 0;
    // 28 bits are 7 digits: the limbs are the hex text cut from its end.
    while i < 2 * BYTES {
        out[i / 7 / BLOCK][i / 7 % BLOCK] |= (n_digit(i) as u32) << (4 * (i % 7));
        i += 1;
    }
    out
};

/// N + 1: limbs 0 and 1 of N are all ones and limb 2 is not.
const N1: [Block; BLOCKS] = {
    let mut out = N;
    out[0][0] = 0;
    out[0][1] = 0;
    out[0][2] += 1;
    out
};

/// A number below 2^3080.
#[derive(Clone)]
pub(crate) struct Short([Block; BLOCKS]);

impl Zeroize for Short {
    fn zeroize(&mut self) {
        self.0.as_flattened_mut().zeroize();
    }
}

/// The low 28 bits of a column.
#[inline(always)]
fn low(column: u64) -> u32 {
    column as u32 & MASK
}

/// The columns of a product of two blocks.
type Columns = [u64; 2 * BLOCK - 1];

/// Σ a[i]·b[last − i], blocks for digits, where both exist. Written out, so that the sums stay
/// in registers even where the compiler goes for size and unrolls nothing.
#[inline(always)]
fn add_products(to: &mut Columns, mut a: &[Block], mut b: &[Block]) {
    let [mut s0, mut s1, mut s2, mut s3, mut s4, mut s5, mut s6] = *to;
    while let (Some(([a0, a1, a2, a3], a_rest)), Some(([b0, b1, b2, b3], b_rest))) = (a.split_first(), b.split_last()) {
        let (a0, a1, a2, a3) = (u64::from(*a0), u64::from(*a1), u64::from(*a2), u64::from(*a3));
        let (b0, b1, b2, b3) = (u64::from(*b0), u64::from(*b1), u64::from(*b2), u64::from(*b3));
        s0 += a0 * b0;
        s1 += a0 * b1 + a1 * b0;
        s2 += a0 * b2 + a1 * b1 + a2 * b0;
        s3 += a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0;
        s4 += a1 * b3 + a2 * b2 + a3 * b1;
        s5 += a2 * b3 + a3 * b2;
        s6 += a3 * b3;
        (a, b) = (a_rest, b_rest);
    }
    *to = [s0, s1, s2, s3, s4, s5, s6];
}

/// Montgomery's product from a function that sums block column `k`.
#[inline(always)]
fn montgomery(column: impl Fn(usize) -> Columns) -> Short {
    let mut m = [[0; BLOCK]; BLOCKS];
    let mut out = [[0; BLOCK]; BLOCKS];
    let mut held = [0; BLOCK - 1];
    let mut carry = 0;
    for k in 0..2 * BLOCKS {
        let mut sums = if k < 2 * BLOCKS - 1 { column(k) } else { [0; 2 * BLOCK - 1] };
        for (sum, held) in sums.iter_mut().zip(held) {
            *sum += held;
        }
        let digits = if k < BLOCKS {
            add_products(&mut sums, &m[..k], &N1[1..=k]);
            &mut m[k]
        } else {
            add_products(&mut sums, &m[k + 1 - BLOCKS..], &N1[k + 1 - BLOCKS..]);
            &mut out[k - BLOCKS]
        };
        for i in 0..BLOCK {
            let sum = sums[i] + carry;
            digits[i] = low(sum);
            carry = sum >> BITS;
            if k < BLOCKS {
                // The digit's products with the lowest block, whose limbs 0 and 1 are zero.
                for j in 2..BLOCK {
                    sums[i + j] += u64::from(digits[i]) * u64::from(N1[0][j]);
                }
            }
        }
        held.copy_from_slice(&sums[BLOCK..]);
    }
    m.as_flattened_mut().zeroize();
    Short(out)
}

/// The blocks that meet in column `k`: from the first index to the last.
#[inline(always)]
fn span(k: usize) -> (usize, usize) {
    ((k + 1).saturating_sub(BLOCKS), k.min(BLOCKS - 1))
}

impl Limbs for Short {
    const R_BITS: u32 = (LIMBS * BITS) as u32;

    fn from_be_bytes(bytes: &[u8]) -> Self {
        let mut out = [[0; BLOCK]; BLOCKS];
        let mut bytes = bytes.iter().rev().take(BYTES);
        let (mut held, mut bits) = (0u64, 0);
        for limb in out.as_flattened_mut() {
            while bits < BITS {
                held |= u64::from(bytes.next().copied().unwrap_or_default()) << bits;
                bits += 8;
            }
            *limb = low(held);
            held >>= BITS;
            bits -= BITS;
        }
        Self(out)
    }

    fn to_be_bytes(&self) -> Zeroizing<[u8; BYTES]> {
        // One masked subtraction of N.
        let mut less = Zeroizing::new([0; LIMBS]);
        let mut borrow = 0;
        let pairs = self.0.as_flattened().iter().zip(N.as_flattened());
        for (to, (from, n)) in less.iter_mut().zip(pairs) {
            let difference = from.wrapping_sub(*n).wrapping_sub(borrow);
            *to = difference & MASK;
            borrow = difference >> 31;
        }
        let keep = borrow.wrapping_neg();
        let mut limbs = self.0.as_flattened().iter().zip(less.iter()).map(|(a, b)| a & keep | b & !keep);
        let mut out = Zeroizing::new([0; BYTES]);
        let (mut held, mut bits) = (0u64, 0);
        for byte in out.iter_mut().rev() {
            if bits < 8 {
                held |= u64::from(limbs.next().unwrap_or_default()) << bits;
                bits += BITS;
            }
            *byte = (held & 0xff) as u8;
            held >>= 8;
            bits -= 8;
        }
        out
    }

    #[inline(never)]
    fn multiply(&self, other: &Self) -> Self {
        montgomery(|k| {
            let (first, last) = span(k);
            let mut sums = Columns::default();
            add_products(&mut sums, &self.0[first..=last], &other.0[first..=last]);
            sums
        })
    }

    #[inline(never)]
    fn square(&self) -> Self {
        montgomery(|k| {
            // a[i]·a[k − i] for i < k − i, twice, and the middle once.
            let (first, last) = span(k);
            let half = k.div_ceil(2);
            let mut sums = Columns::default();
            add_products(&mut sums, &self.0[first..half], &self.0[k + 1 - half..=last]);
            for sum in &mut sums {
                *sum <<= 1;
            }
            if k % 2 == 0 {
                let middle = &self.0[k / 2..=k / 2];
                add_products(&mut sums, middle, middle);
            }
            sums
        })
    }

    fn add(&self, other: &Self) -> Self {
        let mut out = self.clone();
        let mut carry = 0;
        for (to, b) in out.0.as_flattened_mut().iter_mut().zip(other.0.as_flattened()) {
            let sum = *to + b + carry;
            *to = sum & MASK;
            carry = sum >> BITS;
        }
        out
    }

    fn subtract(&self, other: &Self) -> Self {
        let mut out = self.clone();
        let mut carry = 0i64;
        let pairs = other.0.as_flattened().iter().zip(N.as_flattened());
        for (to, (b, n)) in out.0.as_flattened_mut().iter_mut().zip(pairs) {
            let sum = i64::from(*to) + 2 * i64::from(*n) - i64::from(*b) + carry;
            *to = low(sum.cast_unsigned());
            carry = sum >> BITS;
        }
        out
    }

    fn shift(&self, power: u32) -> Self {
        let mut out = self.clone();
        let limbs = out.0.as_flattened_mut();
        let mut carry = 0;
        for limb in limbs.iter_mut().take(TOP) {
            let sum = (u64::from(*limb) << power) + carry;
            *limb = low(sum);
            carry = sum >> BITS;
        }
        let top = (u64::from(limbs[TOP]) << power) + carry;
        limbs[TOP] = low(top & ((1 << TOP_BITS) - 1));
        // 2^3072 − N is the complement of N, and one.
        let high = top >> TOP_BITS;
        let mut carry = high;
        for (i, (limb, n)) in limbs.iter_mut().zip(N.as_flattened()).enumerate().take(TOP + 1) {
            let ones = if i == TOP { (1 << TOP_BITS) - 1 } else { MASK };
            let sum = u64::from(*limb) + high * u64::from(n ^ ones) + carry;
            *limb = low(sum);
            carry = sum >> BITS;
        }
        out
    }

    fn or_masked(&mut self, other: &Self, mask: u32) {
        for (to, from) in self.0.as_flattened_mut().iter_mut().zip(other.0.as_flattened()) {
            *to |= from & mask;
        }
    }
}
