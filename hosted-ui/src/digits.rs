//! Digits as people type them: keyboards and autofill give those of their own script.

/// The zeros of Unicode's decimal digits (general category Nd) in the scripts that have keyboards.
const ZEROS: [u32; 27] = [
    0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0,
    0xf20, 0x1040, 0x17e0, 0x1810, 0x19d0, 0x1a80, 0x1b50, 0xa8d0, 0xa9d0, 0xabf0, 0xff10,
];

/// The ASCII digit of the same value; None for what is no digit.
pub fn to_ascii(letter: char) -> Option<char> {
    let letter = u32::from(letter);
    let value = ZEROS.iter().find_map(|zero| letter.checked_sub(*zero).filter(|value| *value < 10))?;
    char::from_digit(value, 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_any_script_have_their_value() {
        for typed in ["482913", "４８２９１３", "٤٨٢٩١٣", "۴۸۲۹۱۳", "४८२९१३", "๔๘๒๙๑๓"]
        {
            let digits: String = typed.chars().filter_map(to_ascii).collect();
            assert_eq!(digits, "482913", "{typed}");
        }
        assert!("a-–²½Ⅷ/:٫".chars().all(|letter| to_ascii(letter).is_none()));
    }
}
