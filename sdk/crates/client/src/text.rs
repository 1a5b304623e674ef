//! Cutting text at ASCII characters. The standard library's pattern machinery is several kilobytes of wasm.

use alloc::string::String;
use alloc::vec::Vec;

/// What stands before and after the first `byte`.
pub(crate) fn cut(text: &str, byte: u8) -> Option<(&str, &str)> {
    let at = text.bytes().position(|found| found == byte)?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// What stands before and after the last `byte`.
pub(crate) fn cut_last(text: &str, byte: u8) -> Option<(&str, &str)> {
    let at = text.bytes().rposition(|found| found == byte)?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// The part before the first `byte`, or all of it.
pub(crate) fn before(text: &str, byte: u8) -> &str {
    cut(text, byte).map_or(text, |(before, _)| before)
}

/// The parts between `byte`s.
pub(crate) fn words(text: &str, byte: u8) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    core::iter::from_fn(move || {
        let text = rest?;
        let (word, after) = cut(text, byte).map_or((text, None), |(word, after)| (word, Some(after)));
        rest = after;
        Some(word)
    })
}

/// A whole number in decimal digits.
pub(crate) fn digits(value: i64) -> String {
    let mut rest = value.unsigned_abs();
    let mut reversed = Vec::with_capacity(20);
    loop {
        reversed.push(b'0' + (rest % 10) as u8);
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if value < 0 {
        reversed.push(b'-');
    }
    reversed.iter().rev().map(|digit| char::from(*digit)).collect()
}

/// The number decimal digits spell.
pub(crate) fn number(digits: &str) -> Option<i64> {
    let (sign, digits) = digits.strip_prefix('-').map_or((1, digits), |digits| (-1, digits));
    let digit = |value: i64, byte: u8| {
        value.checked_mul(10)?.checked_add(i64::from(byte.checked_sub(b'0').filter(|digit| *digit < 10)?))
    };
    if digits.is_empty() { None } else { digits.bytes().try_fold(0, digit).map(|value| sign * value) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn numbers_are_spelled_as_rust_spells_them(value in any::<i64>()) {
            prop_assert_eq!(digits(value), value.to_string());
            if value != i64::MIN {
                prop_assert_eq!(number(&value.to_string()), Some(value));
            }
        }

        #[test]
        fn only_numbers_are_numbers(text in "[-+0-9a]{0,22}") {
            if !text.starts_with('+') {
                prop_assert_eq!(number(&text), text.parse().ok().filter(|value| *value != i64::MIN));
            }
        }

        #[test]
        fn text_is_cut_as_rust_cuts_it(text in "[a.\u{e9}]{0,8}") {
            prop_assert_eq!(words(&text, b'.').collect::<Vec<_>>(), text.split('.').collect::<Vec<_>>());
            prop_assert_eq!(cut(&text, b'.'), text.split_once('.'));
            prop_assert_eq!(cut_last(&text, b'.'), text.rsplit_once('.'));
        }
    }
}
