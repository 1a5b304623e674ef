//! The order of imports: the standard library's, a blank line, other crates', a blank line, this crate's own. rustfmt
//! sorts within a group; its option that makes the groups (`group_imports`) is not stable.

use std::path::Path;

use super::source::{self, Masked, allow, mask};

/// Rooms whose files are not in this order yet. The list only shrinks.
const STILL_TO_COME: &[&str] = &[];

/// Every import out of order, as a sentence.
pub(super) fn find_faults(files: &[String], root: &Path) -> Vec<String> {
    let mut faults = Vec::new();
    for (file, contents) in source::rust(files, root) {
        faults.extend(disorder(&contents).into_iter().map(|(line, fault)| (file, format!("{file}:{line}: {fault}."))));
    }
    allow(faults, STILL_TO_COME, "STILL_TO_COME (xtask/src/check/imports.rs)")
}

/// Where an import comes from, in the order they stand in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Origin {
    Standard,
    Crates,
    Own,
}

/// An import that another may follow.
struct Import<'c> {
    /// `pub`, `pub(crate)` or nothing: re-exports are groups of their own.
    visibility: &'c str,
    origin: Origin,
    /// Whether a blank line has come since.
    parted: bool,
}

/// The imports that stand in the wrong place, with the numbers of their lines.
fn disorder(contents: &str) -> Vec<(usize, &'static str)> {
    let code = mask(contents, Masked::CommentsAndText);
    let modules: Vec<&str> = code.lines().filter_map(module).collect();
    let mut faults = Vec::new();
    let mut last: Option<Import<'_>> = None;
    let mut within = false;
    for (index, (line, original)) in code.lines().zip(contents.lines()).enumerate() {
        let trimmed = line.trim();
        if within {
            within = !trimmed.ends_with(';');
        } else if let Some((visibility, path)) = import(trimmed) {
            within = !trimmed.ends_with(';');
            let origin = origin(path, &modules);
            if let Some(last) = last.filter(|last| last.visibility == visibility) {
                faults.extend(fault(&last, origin).map(|fault| (index + 1, fault)));
            }
            last = Some(Import { visibility, origin, parted: false });
        } else if trimmed.is_empty() {
            // A comment's line, which is blank in `code`, parts nothing.
            if let Some(last) = last.as_mut().filter(|_| original.trim().is_empty()) {
                last.parted = true;
            }
        } else if !trimmed.starts_with("#[") {
            last = None;
        }
    }
    faults
}

fn fault(last: &Import<'_>, origin: Origin) -> Option<&'static str> {
    if origin < last.origin {
        return Some("imports stand in the order: std, other crates, this crate");
    }
    match (origin == last.origin, last.parted) {
        (true, true) => Some("a blank line parts imports of one group"),
        (false, false) => Some("no blank line between two groups of imports"),
        _ => None,
    }
}

/// `use PATH…` with its visibility.
fn import(line: &str) -> Option<(&str, &str)> {
    if let Some(path) = line.strip_prefix("use ") {
        return Some(("", path));
    }
    let (visibility, path) = line.split_once(" use ").filter(|(visibility, _)| visibility.starts_with("pub"))?;
    (!visibility.contains(' ')).then_some((visibility, path))
}

/// The module that a line declares: its name begins paths of this crate.
fn module(line: &str) -> Option<&str> {
    let line = line.trim();
    let line = line.strip_prefix("pub").map_or(line, |rest| rest.split_once(' ').map_or(rest, |(_, rest)| rest));
    line.strip_prefix("mod ").map(|name| name.trim_end_matches([' ', ';', '{', '}']))
}

fn origin(path: &str, modules: &[&str]) -> Origin {
    let foreign = path.starts_with("::");
    let path = path.trim_start_matches(':');
    let first = path.split([':', ' ', ';', ',', '{']).next().unwrap_or_default();
    match first {
        "std" | "core" | "alloc" => Origin::Standard,
        "crate" | "self" | "super" => Origin::Own,
        module if !foreign && modules.contains(&module) => Origin::Own,
        _ => Origin::Crates,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(contents: &str) -> Vec<usize> {
        disorder(contents).into_iter().map(|(line, _)| line).collect()
    }

    #[test]
    fn the_order_that_is_wanted_has_no_fault() {
        let wanted = "//! A file.\n\nmod own;\n\npub use own::Thing;\n\nuse std::fmt;\nuse std::{\n    fs,\n    io,\n};\n\n\
                      use serde::Serialize;\n#[cfg(unix)]\nuse url::Url;\n\nuse crate::a;\n// Why this one.\nuse own::b;\n\
                      use super::c;\n\nfn f() {\n    use std::io;\n}\n";
        assert_eq!(disorder(wanted), []);
    }

    #[test]
    fn an_import_out_of_order_is_a_fault() {
        assert_eq!(lines("use crate::a;\n\nuse std::fmt;\n"), [3]);
        assert_eq!(lines("use serde::Serialize;\n\nuse std::fmt;\n"), [3]);
        assert_eq!(lines("use crate::a;\nuse serde::Serialize;\n"), [2]);
        assert_eq!(lines("mod a;\nuse a::b;\n\nuse serde::Serialize;\n"), [4]);
        assert_eq!(lines("mod tests {\n    use super::*;\n    use serde_json::json;\n}\n"), [3]);
    }

    #[test]
    fn groups_are_parted_by_a_blank_line_and_one_group_is_not() {
        assert_eq!(lines("use std::fmt;\nuse serde::Serialize;\n"), [2]);
        assert_eq!(lines("use std::fmt;\n\nuse std::io;\n"), [3]);
        assert_eq!(lines("use std::fmt;\n\nuse serde::Serialize;\nuse crate::a;\n"), [4]);
    }

    #[test]
    fn what_only_looks_like_an_import_is_none() {
        assert_eq!(disorder("use crate::a;\n\nconst A: &str = \"\nuse std::fmt;\n\";\n/*\nuse std::fmt;\n*/\n"), []);
    }
}
