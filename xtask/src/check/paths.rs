//! No file may name a folder of one machine: what works only there works nowhere else.

use std::fs;
use std::path::Path;

use crate::shell::Outcome;

/// How such a name begins, written in two halves so that this file does not find itself.
const BEGINNINGS: &[(&str, &str)] =
    &[("/ro", "ot/"), ("/wo", "rk/"), ("/ho", "me/"), ("/Us", "ers/"), ("C:\\Us", "ers")];

/// Every file of text that names a folder of one machine, as a sentence.
pub(super) fn find_faults(files: &[String], root: &Path) -> Outcome<Vec<String>> {
    let mut faults = Vec::new();
    for file in files {
        // Not text, or removed but not yet from the index: nothing to read.
        let Ok(contents) = fs::read_to_string(root.join(file)) else {
            continue;
        };
        for (index, line) in contents.lines().enumerate() {
            if let Some(found) = machine_path(line) {
                faults.push(format!("{file}:{}: `{found}` is a path of one machine.", index + 1));
            }
        }
    }
    Ok(faults)
}

/// A machine's folder named in this line, if it stands where a path begins.
fn machine_path(line: &str) -> Option<String> {
    BEGINNINGS.iter().find_map(|(half, other)| {
        let beginning = format!("{half}{other}");
        let begins_path = |at: usize| {
            !line
                .get(..at)
                .unwrap_or_default()
                .chars()
                .next_back()
                .is_some_and(|c| c.is_alphanumeric() || "._-}/$".contains(c))
        };
        line.match_indices(&beginning).any(|(at, _)| begins_path(at)).then_some(beginning)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_path_that_begins_there_counts() {
        let home = ["/ho", "me/"].concat();
        assert!(machine_path(&format!("see {home}someone/x")).is_some());
        assert!(machine_path(&format!("\"{home}x\"")).is_some());
        assert!(machine_path(&format!("https://example.com{home}x")).is_none());
        assert!(machine_path("target/site").is_none());
    }
}
