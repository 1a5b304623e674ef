//! What people type and autofill fills in, read as it is meant: spaces and signs in phone numbers, the digits and letters
//! of other keyboards, marks that nobody sees. Scripts or not, it is read here; what is shown again is what was typed.

use std::borrow::Cow;

use domain::{Pool, UsernameForm, is_email, is_phone_number};
use hosted_ui::digits::to_ascii;

/// A name to sign in with, or to sign up with.
pub(super) fn read_username<'a>(pool: &Pool, typed: &'a str) -> Cow<'a, str> {
    let bare = trim(typed);
    let takes = |attribute: &str| match pool.username_form() {
        UsernameForm::Name => pool.is_alias(attribute),
        UsernameForm::Email => attribute == "email",
        UsernameForm::PhoneNumber => attribute == "phone_number",
        UsernameForm::EmailOrPhoneNumber => true,
    };
    // Where names are free, only what begins like an international number is one.
    let is_free = pool.username_form() == UsernameForm::Name;
    if takes("phone_number") && (!is_free || bare.starts_with(['+', '\u{ff0b}'])) {
        let number = read_phone_number(bare);
        if is_phone_number(&number) {
            return number;
        }
    }
    if takes("email") {
        let address = read_email(bare);
        if is_email(&address) {
            return address;
        }
    }
    Cow::Borrowed(bare)
}

/// The value of an attribute.
pub(super) fn read_attribute<'a>(name: &str, typed: &'a str) -> Cow<'a, str> {
    match name {
        "email" => read_email(typed),
        "phone_number" => read_phone_number(typed),
        "birthdate" => Cow::Owned(trim(typed).chars().map(|letter| to_ascii(letter).unwrap_or(letter)).collect()),
        _ => Cow::Borrowed(trim(typed)),
    }
}

/// A number in E.164 form, where what was typed is one with its country's code; else what was typed.
fn read_phone_number(typed: &str) -> Cow<'_, str> {
    let bare = trim(typed);
    let number = bare.strip_prefix("tel:").unwrap_or(bare);
    let mut digits = String::with_capacity(number.len());
    // The zero that is dialled at home alone: +44 (0)20 …
    for letter in number.replace("(0)", "").chars() {
        match to_ascii(letter) {
            Some(digit) => digits.push(digit),
            None if digits.is_empty() && matches!(letter, '+' | '\u{ff0b}') => digits.push('+'),
            None if is_between_digits(letter) => {}
            None => return Cow::Borrowed(bare),
        }
    }
    match digits.strip_prefix("00") {
        Some(rest) => Cow::Owned(format!("+{rest}")),
        None if digits.starts_with('+') => Cow::Owned(digits),
        None => Cow::Borrowed(bare),
    }
}

/// An address, without what cannot be in one.
fn read_email(typed: &str) -> Cow<'_, str> {
    let bare = trim(typed);
    let address = bare.strip_prefix("mailto:").unwrap_or(bare);
    let narrow = |letter: char| match letter {
        // Full width (U+FF01 to U+FF5E) is ASCII, and the ideographic stop a dot.
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter),
        '\u{3002}' | '\u{ff61}' => '.',
        letter => letter,
    };
    Cow::Owned(address.chars().filter(|letter| !letter.is_whitespace() && !is_unseen(*letter)).map(narrow).collect())
}

/// The digits of a code.
pub(super) fn read_code(typed: &str) -> String {
    typed.chars().filter_map(to_ascii).collect()
}

/// Without spaces and unseen marks around it.
fn trim(typed: &str) -> &str {
    typed.trim_matches(|letter: char| letter.is_whitespace() || is_unseen(letter))
}

/// Marks of direction and of no width, which come along when text is copied.
fn is_unseen(letter: char) -> bool {
    matches!(letter, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2060}' | '\u{feff}')
        || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// What people write between the digits of a number.
fn is_between_digits(letter: char) -> bool {
    letter.is_whitespace()
        || is_unseen(letter)
        || matches!(letter, '(' | ')' | '[' | ']' | '-' | '.' | '/' | '\u{ad}' | '\u{b7}')
        || matches!(letter, '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}')
        || matches!(letter, '\u{ff08}' | '\u{ff09}' | '\u{ff0d}' | '\u{ff0e}' | '\u{ff0f}' | '\u{30fc}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_they_are_written() {
        for typed in [
            "+442079460018",
            "+44 20 7946 0018",
            "+44\u{a0}20\u{a0}7946\u{a0}0018",
            " +44 (0)20-7946-0018 ",
            "+44(20)7946.0018",
            "0044 20 7946 0018",
            "tel:+44-20-7946-0018",
            "\u{202a}+44 20 7946 0018\u{202c}",
            "\u{ff0b}４４ ２０ ７９４６ ００１８",
            "+٤٤ ٢٠ ٧٩٤٦ ٠٠١٨",
            "۰۰۴۴ ۲۰ ۷۹۴۶ ۰۰۱۸",
            "+44 20 7946\u{2013}0018",
            "[+44] 20/7946/0018",
        ] {
            assert_eq!(read_phone_number(typed), "+442079460018", "{typed}");
        }
        for typed in ["020 7946 0018", "+44 20 CALL", "ada@example.com", "", "1+2"] {
            assert_eq!(read_phone_number(typed), typed, "no country, or no number");
        }
    }

    #[test]
    fn addresses_lose_what_cannot_be_in_them() {
        for typed in [
            "ada@example.com",
            " ada@example.com\u{200b}",
            "mailto:ada@example.com",
            "ada @example.com",
            "ａｄａ＠ｅｘａｍｐｌｅ．ｃｏｍ",
            "ada@example\u{3002}com",
        ] {
            assert_eq!(read_email(typed), "ada@example.com", "{typed}");
        }
        assert_eq!(read_email("ü@münchen.de"), "ü@münchen.de");
    }

    #[test]
    fn codes_are_their_digits() {
        for typed in ["482913", "482 913", "482-913", "４８２９１３", "٤٨٢٩١٣", "Your code: 482913."] {
            assert_eq!(read_code(typed), "482913", "{typed}");
        }
    }
}
