//! Doors translate: they ask flows by name. `cargo metadata` does not show what a door reaches through another room (a
//! re-export, a public field), so its own code is read for it.

use std::path::Path;

use super::source::{self, Masked, allow, has_word, mask};

/// The doors.
const DOORS: &[&str] = &["server/crates/api/src/", "server/crates/oauth/src/"];

/// Paths and types of rooms that no door may name.
const WORDS: &[&str] = &["store::", "world::", "Reader", "Tx"];

/// Members that lead there, however they are reached: fields, and the methods that the binary has for them.
const MEMBERS: &[&str] = &["store", "world", "outbox"];

/// Files that still do. The list only shrinks.
const STILL_TO_COME: &[&str] = &[];

/// Every line of a door that names the store or the world, or opens a transaction, as a sentence.
pub(super) fn find_faults(files: &[String], root: &Path) -> Vec<String> {
    let mut faults = Vec::new();
    for (file, contents) in source::without_tests(files, root) {
        if DOORS.iter().any(|door| file.starts_with(door)) {
            let found = breaches(&contents).into_iter();
            faults.extend(found.map(|(line, what)| {
                (file, format!("{file}:{line}: `{what}` in a door: what it needs is a method of `flows`."))
            }));
        }
    }
    allow(faults, STILL_TO_COME, "STILL_TO_COME (xtask/src/check/walls.rs)")
}

/// What a door's code names that it must not, with the numbers of the lines.
fn breaches(contents: &str) -> Vec<(usize, String)> {
    let code = mask(contents, Masked::CommentsAndText);
    let mut found = Vec::new();
    for (index, line) in code.lines().enumerate() {
        let words = WORDS.iter().filter(|word| has_word(line, word)).map(|word| (*word).to_owned());
        let members = MEMBERS.iter().filter(|member| has_member(line, member)).map(|member| format!(".{member}"));
        // The closure of a transaction, whatever its store is called.
        let calls = [".read(move", ".read(|", ".write(move", ".write(|"].iter().filter(|call| line.contains(**call));
        let first = words.chain(members).chain(calls.map(|call| (*call).to_owned())).next();
        found.extend(first.map(|what| (index + 1, what)));
    }
    found
}

/// `.member` or `.member()`; a method of that name with arguments is something else.
fn has_member(line: &str, member: &str) -> bool {
    line.match_indices(&format!(".{member}")).any(|(at, found)| {
        let after = line.get(at + found.len()..).unwrap_or_default();
        let goes_on = after.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '(');
        !goes_on || after.starts_with("()")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn what(code: &str) -> Vec<String> {
        breaches(code).into_iter().map(|(_, what)| what).collect()
    }

    #[test]
    fn a_door_that_reaches_around_flows_is_found() {
        assert_eq!(what("use store::StoreError;\n"), ["store::"]);
        assert_eq!(what("use flows::store::Page;\n"), ["store::"]);
        assert_eq!(what("let id = world::token(entropy, 18);\n"), ["world::"]);
        assert_eq!(what("call\n    .store\n    .read(move |r| r.user(&id))\n"), [".store", ".read(move"]);
        assert_eq!(what("let found = call.store().read(read).await;\n"), [".store"]);
        assert_eq!(what("latchkey.outbox().drain().await;\n"), [".outbox"]);
        assert_eq!(what("self.world.fill(&mut bytes);\n"), [".world"]);
        assert_eq!(what("fn f(tx: &mut Tx) {}\n"), ["Tx"]);
        assert_eq!(what("memory.write(|w| w.put())\n"), [".write(|"]);
    }

    #[test]
    fn what_only_sounds_alike_is_not() {
        assert_eq!(
            what(
                "use restore::a; // store::b\nlet a = \"store::c\"; x.storey(); flag.store(true); file.read(&mut y);\n"
            ),
            Vec::<String>::new()
        );
    }
}
