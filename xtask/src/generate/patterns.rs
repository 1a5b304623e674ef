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
    let mut in_class = false;
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('w') => out.push_str("[0-9A-Za-z_]"),
                Some('d') => out.push_str("[0-9]"),
                Some('s') => out.push_str(r"[\t\n\x0B\x0C\r ]"),
                Some('S') => out.push_str(r"[^\t\n\x0B\x0C\r ]"),
                Some(other @ ('D' | 'W' | 'b' | 'B' | 'G' | 'Q' | 'E' | 'R' | 'Z' | 'A' | 'z' | '0'..='9')) => {
                    return Err(format!("no translation for \\{other} in {java}"));
                }
                Some(other) => {
                    out.push('\\');
                    out.push(other);
                }
                None => return Err(format!("{java} ends in a backslash")),
            },
            '[' if !in_class => {
                in_class = true;
                out.push('[');
                if letters.peek() == Some(&'^') {
                    letters.next();
                    out.push('^');
                }
            }
            '[' => return Err(format!("no translation for the nested class in {java}")),
            ']' => {
                in_class = false;
                out.push(']');
            }
            '.' if !in_class && !any_line_end => out.push_str(r"[^\n\r\x{85}\x{2028}\x{2029}]"),
            // A literal here: the crate reads some of these twice in a row as set operations.
            '-' if in_class && !is_range(&out, letters.peek().copied()) => out.push_str(r"\-"),
            '&' | '~' if in_class => {
                out.push('\\');
                out.push(letter);
            }
            other => out.push(other),
        }
    }
    out.push_str(r")\z");
    Ok(out)
}

/// Whether a `-` after `before` and before `next` stands for a range such as `a-z` or `\x23-\x5B`.
fn is_range(before: &str, next: Option<char>) -> bool {
    let Some(next) = next else { return false };
    let mut tail = before.chars().rev();
    let last = tail.next().unwrap_or('[');
    // `0-9-_`: a range has just ended, so this dash is itself.
    let after_range = tail.next() == Some('-') && tail.next() != Some('\\');
    last.is_ascii_alphanumeric() && (next.is_ascii_alphanumeric() || next == '\\') && !after_range
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
        assert!(translate("a(?=b)").is_err());
    }
}
