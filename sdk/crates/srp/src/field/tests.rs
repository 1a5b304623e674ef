//! Both kinds of limbs against an independent big integer, at the edges and at random.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use num_bigint::BigUint;
use proptest::{collection::vec, prelude::*, test_runner::Config};

use super::{BYTES, Limbs, N_HEX, Powers, Residue, digit, equal_mask, short::Short, wide::Wide};

fn n() -> BigUint {
    BigUint::parse_bytes(N_HEX, 16).unwrap()
}

/// Numbers at which carries, borrows and foldings happen.
fn edges() -> Vec<BigUint> {
    let one = BigUint::from(1u8);
    let mut out = vec![BigUint::ZERO, one.clone(), BigUint::from(2u8)];
    for bit in [27usize, 28, 63, 64, 1535, 3007, 3008, 3044, 3051, 3052, 3071] {
        out.extend([(&one << bit) - &one, &one << bit, (&one << bit) + &one]);
    }
    out.extend([n() - 2u8, n() - 1u8, n(), n() + 1u8, (&one << 3072) - 1u8, &one << 3072]);
    out.extend([n() * 2u8 - 1u8, n() * 2u8, n() * 2u8 + 1u8, (&one << 6144) - 1u8]);
    out
}

fn residue<L: Limbs>(value: &BigUint) -> Residue<L> {
    Residue::from_be_bytes(&value.to_bytes_be())
}

fn value<L: Limbs>(residue: &Residue<L>) -> BigUint {
    let bytes = residue.to_be_bytes();
    let value = BigUint::from_bytes_be(bytes.as_slice());
    assert!(value < n());
    value
}

fn agree<L: Limbs>(a: &BigUint, b: &BigUint) {
    let n = n();
    let (ra, rb) = (residue::<L>(a), residue::<L>(b));
    assert_eq!(value(&ra), a % &n);
    assert_eq!(value(&ra.multiply(&rb)), a * b % &n);
    assert_eq!(value(&Residue(ra.0.square())), a * a % &n);
    let (sum, difference) = (ra.add(&rb), ra.subtract(&rb));
    assert_eq!(value(&sum), (a + b) % &n);
    assert_eq!(value(&difference), (a % &n + &n - b % &n) % &n);
    // What the sums are allowed to be used for.
    assert_eq!(value(&Residue(sum.0.square())), (a + b).pow(2) % &n);
    assert_eq!(value(&sum.multiply(&difference)), (a + b) % &n * (a % &n + &n - b % &n) % &n);
    for power in [0u32, 1, 7, 30, 31] {
        assert_eq!(value(&Residue(ra.0.shift(power))), (a << power) % &n);
    }
}

fn powers<L: Limbs>(base: &BigUint, exponent: &[u8]) {
    let e = BigUint::from_bytes_be(exponent);
    assert_eq!(value(&residue::<L>(base).power(exponent)), base.modpow(&e, &n()));
    assert_eq!(value(&Residue::<L>::power_of_two(exponent)), BigUint::from(2u8).modpow(&e, &n()));
}

#[test]
fn edges_agree() {
    for a in edges() {
        for b in edges() {
            agree::<Short>(&a, &b);
            agree::<Wide>(&a, &b);
        }
    }
}

/// Plain limbs up to the bound of the contract, which residues seldom reach.
#[test]
fn products_stay_below_twice_n() {
    fn check<L: Limbs>() {
        // 2N − 1, made of products' own operations.
        let most = L::from_be_bytes(&(n() - 1u8).to_bytes_be());
        let most = most.add(&L::from_be_bytes(&n().to_bytes_be()));
        let sum = most.add(&most);
        let a = n() * 4u8 - 2u8;
        let r = BigUint::from(2u8).modpow(&BigUint::from(L::R_BITS), &n());
        let expected = &a * &a % n();
        for product in [sum.multiply(&sum), sum.square()] {
            assert_eq!(value(&Residue(product.clone())) * &r % n() * &r % n(), expected);
            assert_eq!(value(&Residue(product.shift(31))) * &r % n() * &r % n(), (&expected << 31) % n());
        }
        // Shifting the greatest number that may be shifted.
        let shifted = value(&Residue(most.shift(31))) * &r % n();
        assert_eq!(shifted, ((n() * 2u8 - 1u8) << 31) % n());
    }
    check::<Short>();
    check::<Wide>();
}

#[test]
fn exponents_at_the_edges_agree() {
    let bases = [BigUint::ZERO, BigUint::from(1u8), n() - 1u8, n() / 3u8];
    for base in &bases {
        for exponent in [&[][..], &[0], &[1], &[255], &[0; 32], &[255; 32], &[128; 33], &[255, 0, 255, 0]] {
            powers::<Short>(base, exponent);
            powers::<Wide>(base, exponent);
        }
    }
}

#[test]
fn powers_laid_out_agree() {
    fn check<L: Limbs>() {
        let powers = Powers::<L>::new();
        let mut exponents = vec![[0; 32], [255; 32], [0x0f; 32], [0xf0; 32]];
        for bit in 0..256 {
            let mut exponent = [0; 32];
            exponent[31 - bit / 8] = 1 << (bit % 8);
            exponents.push(exponent);
        }
        exponents.extend((0..64).map(|i| core::array::from_fn(|j| (i * 89 + j * j * 57) as u8)));
        for exponent in exponents {
            let expected = Residue::<L>::power_of_two(&exponent);
            assert_eq!(value(&powers.power(&exponent)), value(&expected));
        }
    }
    check::<Short>();
    check::<Wide>();
}

#[test]
fn windows_and_masks_are_exact() {
    let bytes = [0xa5, 0x3c, 0x0f, 0x81];
    let number = u64::from(u32::from_be_bytes(bytes));
    for at in 0..40 {
        for width in 1..=11 {
            let expected = (number >> at) as u32 & ((1 << width) - 1);
            assert_eq!(digit(&bytes, at, width), expected, "{at} {width}");
        }
    }
    for a in 0..400 {
        for b in 0..400 {
            assert_eq!(equal_mask(a, b), if a == b { u32::MAX } else { 0 });
        }
    }
}

proptest! {
    #![proptest_config(Config { cases: 64, failure_persistence: None, ..Config::default() })]

    #[test]
    fn any_numbers_agree(a in vec(any::<u8>(), 0..=3 * BYTES), b in vec(any::<u8>(), 0..=BYTES)) {
        let (a, b) = (BigUint::from_bytes_be(&a), BigUint::from_bytes_be(&b));
        agree::<Short>(&a, &b);
        agree::<Wide>(&a, &b);
    }

    #[test]
    fn any_powers_agree(base in vec(any::<u8>(), 0..=BYTES), exponent in vec(any::<u8>(), 0..=70)) {
        let base = BigUint::from_bytes_be(&base);
        powers::<Short>(&base, &exponent);
        powers::<Wide>(&base, &exponent);
    }
}
