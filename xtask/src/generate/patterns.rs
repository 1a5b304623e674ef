//! Patterns: Java's regular expressions in the words of the `regex` crate.

use std::fmt::Write as _;

use super::HEADER;

pub(super) fn render_patterns(patterns: &[String]) -> Result<String, String> {
    let mut out = HEADER.to_owned();
    out.push_str("use crate::shape::Pattern;\n\n");
    for (at, pattern) in patterns.iter().enumerate() {
        let translated = translate(pattern)?;
        let _ = writeln!(out, "pub(crate) static P{at:02}: Pattern = Pattern::new({pattern:?}, {translated:?});");
    }
    Ok(out)
}

/// A Java regular expression in the words of the `regex` crate, anchored at both ends: Java's `\w`, `\d`, `\s`
/// are ASCII, its `.` stops at more line ends, and it has look-behind (used once).
fn translate(java: &str) -> Result<String, String> {
    if java == r"^[0-9A-Za-z\.\-_]*(?<!\.)$" {
        return Ok(r"\A(?:(?:[0-9A-Za-z.\-_]*[0-9A-Za-z\-_])?)\z".to_owned());
    }
    if java.contains("(?<") || java.contains("(?=") || java.contains("(?!") {
        return Err(format!("no translation for the look-around in {java}"));
    }
    let any_line_end = java.starts_with("(?s)");
    let mut out = String::from(r"\A(?:");
    let mut letters = java.chars().peekable();
    // What a `-` in a class would follow; None outside of classes.
    let mut class: Option<Before> = None;
    while let Some(letter) = letters.next() {
        let mut single = true;
        match letter {
            '\\' => match letters.next() {
                Some(short @ ('w' | 'd' | 's' | 'S')) => {
                    single = false;
                    out.push_str(match short {
                        'w' => "[0-9A-Za-z_]",
                        'd' => "[0-9]",
                        's' => r"[\t\n\x0B\x0C\r ]",
                        _ => r"[^\t\n\x0B\x0C\r ]",
                    });
                }
                // Between letters and digits of ASCII, there as here.
                Some('b') if class.is_none() => out.push_str(r"(?-u:\b)"),
                Some(other @ ('D' | 'W' | 'b' | 'B' | 'G' | 'Q' | 'E' | 'R' | 'Z' | 'A' | 'z' | '0'..='9')) => {
                    return Err(format!("no translation for \\{other} in {java}"));
                }
                Some(other) => {
                    out.push('\\');
                    out.push(other);
                    single = other != 'p';
                    let length = match other {
                        'p' => java.len(),
                        'u' => 4,
                        'x' => 2,
                        _ => 0,
                    };
                    for letter in letters.by_ref().take(length) {
                        out.push(letter);
                        if other == 'p' && letter == '}' {
                            break;
                        }
                    }
                }
                None => return Err(format!("{java} ends in a backslash")),
            },
            '[' if class.is_none() => {
                class = Some(Before::Nothing);
                out.push('[');
                if letters.peek() == Some(&'^') {
                    letters.next();
                    out.push('^');
                }
                continue;
            }
            '[' => return Err(format!("no translation for the nested class in {java}")),
            ']' => {
                class = None;
                out.push(']');
            }
            '.' if class.is_none() && !any_line_end => out.push_str(r"[^\n\r\x{85}\x{2028}\x{2029}]"),
            '-' if class == Some(Before::Single) && letters.peek().is_some_and(|next| *next != ']') => {
                class = Some(Before::Range);
                out.push('-');
                continue;
            }
            // A literal here: the crate reads some of these twice in a row as set operations.
            '-' | '&' | '~' if class.is_some() => {
                out.push('\\');
                out.push(letter);
            }
            other => out.push(other),
        }
        class = class.map(|before| match before {
            Before::Nothing | Before::Single if single => Before::Single,
            _ => Before::Nothing,
        });
    }
    out.push_str(r")\z");
    Ok(out)
}

/// What stands before a place inside a class: after a single character, a `-` makes a range; after a range, a class
/// such as `\w`, or the opening bracket it is itself.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Nothing,
    Single,
    Range,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn java_classes_are_ascii_and_dashes_stay_dashes() {
        assert_eq!(translate("[A-Za-z0-9-_=.]+").unwrap(), r"\A(?:[A-Za-z0-9\-_=.]+)\z");
        assert_eq!(translate(r"[\w-]+_\d").unwrap(), r"\A(?:[[0-9A-Za-z_]\-]+_[0-9])\z");
        assert_eq!(translate(r"[\x21\x23-\x5B]").unwrap(), r"\A(?:[\x21\x23-\x5B])\z");
        assert_eq!(translate(r"[!$-;=@-\[\]_a-z~]").unwrap(), r"\A(?:[!$-;=@-\[\]_a-z\~])\z");
        assert_eq!(translate(r"[\u0020-\u007E\p{L}-]").unwrap(), r"\A(?:[\u0020-\u007E\p{L}\-])\z");
        assert!(translate("a(?=b)").is_err());
    }
}
