//! Rust files as the checks read them: comments taken out, strings taken out where they would mislead.

use std::fs;
use std::path::Path;

/// Every file of the list that is Rust, with its contents.
pub(super) fn rust<'f>(files: &'f [String], root: &Path) -> impl Iterator<Item = (&'f str, String)> {
    let read = |file: &'f String| {
        // Removed but not yet from the index: nothing to read.
        let contents = fs::read_to_string(root.join(file)).ok()?;
        Some((file.as_str(), contents))
    };
    files.iter().filter(|file| file.ends_with(".rs")).filter_map(read)
}

/// The same without tests: those of the crates' `tests` folders, and files and modules under `src` that hold nothing
/// else. A module of tests is the last of its file (clippy's `items_after_test_module`).
pub(super) fn without_tests<'f>(files: &'f [String], root: &Path) -> impl Iterator<Item = (&'f str, String)> {
    let is_test = |file: &str| file.contains("/tests/") || file.ends_with("/tests.rs") || file.ends_with("_tests.rs");
    rust(files, root).filter(move |(file, _)| !is_test(file)).map(|(file, contents)| {
        let end = contents.find("\n#[cfg(test)]\nmod ").unwrap_or(contents.len());
        (file, contents.get(..end).unwrap_or_default().to_owned())
    })
}

/// What [`mask`] takes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Masked {
    /// Comments.
    Comments,
    /// Comments, and what stands within quotes.
    CommentsAndText,
}

/// The code with comments, and texts where asked, replaced by spaces: every byte that is left stays where it is. A text
/// keeps a quote at each end, a raw one and a character too.
pub(super) fn mask(code: &str, masked: Masked) -> String {
    let mut out = String::with_capacity(code.len());
    let mut rest = code;
    let mut last = ' ';
    while let Some(first) = rest.chars().next() {
        let (length, what) = token(rest, last);
        let (taken, after) = rest.split_at(length);
        match what {
            Token::Code => out.push_str(taken),
            Token::Text if masked == Masked::Comments => out.push_str(taken),
            Token::Text => {
                // As many bytes as before, so that places in one are places in the other.
                out.push('"');
                blank(&mut out, taken.get(1..taken.len() - 1).unwrap_or_default());
                out.push('"');
            }
            Token::Comment => blank(&mut out, taken),
        }
        last = taken.chars().next_back().unwrap_or(first);
        rest = after;
    }
    out
}

/// A space for every byte, but for the ends of lines.
fn blank(out: &mut String, taken: &str) {
    out.extend(taken.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
}

enum Token {
    Code,
    Text,
    Comment,
}

/// How many bytes belong together at the beginning of `rest`, and as what.
fn token(rest: &str, last: char) -> (usize, Token) {
    if rest.starts_with("//") {
        return (rest.find('\n').unwrap_or(rest.len()), Token::Comment);
    }
    if rest.starts_with("/*") {
        return (block_comment(rest), Token::Comment);
    }
    if rest.starts_with('"') {
        return (text(rest), Token::Text);
    }
    let begins_word = !(last.is_alphanumeric() || last == '_');
    if begins_word && let Some(hashes) = rest.strip_prefix('r').and_then(raw_hashes) {
        let end = format!("\"{}", "#".repeat(hashes));
        let begin = hashes + 2;
        let length = rest.get(begin..).and_then(|inner| inner.find(&end)).map(|at| begin + at + end.len());
        return (length.unwrap_or(rest.len()), Token::Text);
    }
    if let Some(length) = character(rest) {
        return (length, Token::Text);
    }
    (rest.chars().next().map_or(0, char::len_utf8), Token::Code)
}

/// How many `#` stand before the quote of a raw string.
fn raw_hashes(after_r: &str) -> Option<usize> {
    let hashes = after_r.len() - after_r.trim_start_matches('#').len();
    after_r.get(hashes..)?.starts_with('"').then_some(hashes)
}

fn text(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// A character in quotes, as against a lifetime.
fn character(rest: &str) -> Option<usize> {
    let inner = rest.strip_prefix('\'')?;
    if inner.starts_with('\\') {
        return inner.get(2..)?.find('\'').map(|at| at + 4);
    }
    let c = inner.chars().next()?;
    inner.get(c.len_utf8()..)?.starts_with('\'').then(|| c.len_utf8() + 2)
}

fn block_comment(rest: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while let Some(here) = rest.get(at..).filter(|here| !here.is_empty()) {
        if here.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if here.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += here.chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

/// Whether the line has the word with no letter, digit or underscore beside it. A word like `store::` may go on.
pub(super) fn has_word(line: &str, word: &str) -> bool {
    let is_of_word = |c: char| c.is_alphanumeric() || c == '_';
    let joins = |c: Option<char>| c.is_some_and(is_of_word);
    let ends_open = !word.ends_with(is_of_word);
    line.match_indices(word).any(|(at, _)| {
        let (before, after) = (line.get(..at).unwrap_or_default(), line.get(at + word.len()..).unwrap_or_default());
        !joins(before.chars().next_back()) && (ends_open || !joins(after.chars().next()))
    })
}

/// Holds faults by file against the files that may have some for now: a list that only shrinks. What is left over is a
/// fault; so is a file in the list that has none any more.
pub(super) fn allow(faults: Vec<(&str, String)>, allowed: &[&str], list: &str) -> Vec<String> {
    let done = allowed.iter().filter(|file| !faults.iter().any(|(faulty, _)| faulty.starts_with(**file)));
    let done: Vec<String> =
        done.map(|file| format!("{file} keeps the rule now: take it out of the list {list}.")).collect();
    let left = faults.into_iter().filter(|(faulty, _)| !allowed.iter().any(|file| faulty.starts_with(*file)));
    left.map(|(_, fault)| fault).chain(done).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_texts_are_masked_and_lines_stay() {
        let code =
            "let a = \"x // y\"; // z \"q\"\n/* b\n/* c */ */ let d = r#\"e \" f\"#; let g = '\"'; h::<'_>('\\'');\n";
        let comments = mask(code, Masked::Comments);
        assert_eq!(
            comments,
            format!(
                "let a = \"x // y\"; {}\n{}\n{} let d = r#\"e \" f\"#; let g = '\"'; h::<'_>('\\'');\n",
                " ".repeat(8),
                " ".repeat(4),
                " ".repeat(10)
            )
        );
        let both = mask(code, Masked::CommentsAndText);
        assert_eq!(both.lines().count(), code.lines().count());
        assert!(both.contains("let a = \"      \";") && both.contains("h::<'_>("));
        assert_eq!(both.len(), code.len());
        assert!(!both.contains("// y") && !both.contains("e \" f"));
    }

    #[test]
    fn a_word_is_not_a_part_of_a_word() {
        assert!(has_word("use store::Tx;", "store::") && has_word("(Tx)", "Tx"));
        assert!(!has_word("use restore::x;", "store::") && !has_word("TxId", "Tx"));
    }

    #[test]
    fn a_list_of_exceptions_only_shrinks() {
        let faults = || vec![("a.rs", "a is wrong".to_owned()), ("b.rs", "b is wrong".to_owned())];
        assert_eq!(allow(faults(), &["a.rs", "b.rs"], "LIST"), Vec::<String>::new());
        assert_eq!(allow(faults(), &["a.rs"], "LIST"), ["b is wrong"]);
        assert_eq!(allow(Vec::new(), &["a.rs"], "LIST"), ["a.rs keeps the rule now: take it out of the list LIST."]);
    }
}
