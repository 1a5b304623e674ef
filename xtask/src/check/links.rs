//! Dead links: a relative link of a Markdown document names a file that is there, and a heading it has.

use std::fs;
use std::path::Path;

use crate::shell::Outcome;

/// Every relative link that leads nowhere, as a sentence.
pub(super) fn find_faults(documents: &[String], root: &Path) -> Outcome<Vec<String>> {
    let mut faults = Vec::new();
    for document in documents {
        let path = root.join(document);
        let Ok(contents) = fs::read_to_string(&path) else {
            continue;
        };
        for (line, target) in links(&contents) {
            if let Some(why) = fault(&path, &contents, &target) {
                faults.push(format!("{document}:{line}: the link to `{target}` is dead: {why}."));
            }
        }
    }
    Ok(faults)
}

fn fault(document: &Path, contents: &str, target: &str) -> Option<String> {
    let outside = target.contains("://") || target.starts_with("mailto:") || target.starts_with('/');
    if outside || target.is_empty() {
        return None;
    }
    let (file, heading) = target.split_once('#').map_or((target, None), |(file, heading)| (file, Some(heading)));
    let linked = if file.is_empty() {
        contents.to_owned()
    } else {
        let path = document.parent()?.join(file);
        if !path.exists() {
            return Some("there is no such file".to_owned());
        }
        if !file.ends_with(".md") {
            return None;
        }
        fs::read_to_string(path).ok()?
    };
    let heading = heading?;
    let known = prose(&linked).any(|(_, line)| line.starts_with('#') && anchor(line) == heading);
    (!known).then(|| "there is no such heading".to_owned())
}

/// The lines outside fenced code, numbered from 1.
fn prose(contents: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut fenced = false;
    contents.lines().enumerate().filter_map(move |(index, line)| {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        (!fenced && !fence).then_some((index + 1, line))
    })
}

/// `[text](target)` and `[name]: target`, with the number of their line; code spans are passed over.
fn links(contents: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (number, line) in prose(contents) {
        let line: String = line.split('`').step_by(2).collect::<Vec<_>>().join(" ");
        let mut rest = line.as_str();
        while let Some((_, after)) = rest.split_once("](") {
            let (target, after) = after.split_once(')').unwrap_or((after, ""));
            let target = target.split_whitespace().next().unwrap_or_default();
            found.push((number, target.trim_matches(['<', '>']).to_owned()));
            rest = after;
        }
        if let Some((name, target)) = line.split_once("]: ")
            && name.starts_with('[')
        {
            found.push((number, target.trim().to_owned()));
        }
    }
    found
}

/// The anchor a heading gets: lower case, spaces to hyphens, other punctuation gone.
fn anchor(heading: &str) -> String {
    let words = heading.trim_start_matches('#').trim().to_lowercase();
    words
        .chars()
        .filter_map(|c| match c {
            ' ' => Some('-'),
            c if c.is_alphanumeric() || c == '-' || c == '_' => Some(c),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found_outside_code_only() {
        let contents = "[a](one.md) and `[b](two.md)`\n```\n[c](three.md)\n```\n[d]: four.md\n";
        let found: Vec<String> = links(contents).into_iter().map(|(_, target)| target).collect();
        assert_eq!(found, ["one.md", "four.md"]);
    }

    #[test]
    fn a_dead_link_and_a_dead_heading_are_told_from_living_ones() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join("README.md");
        let contents = "# The `two` commands\n";
        assert_eq!(fault(&root, contents, "LICENSE"), None);
        assert_eq!(fault(&root, contents, "#the-two-commands"), None);
        assert!(fault(&root, contents, "no-such-paper.md").is_some());
        assert!(fault(&root, contents, "#no-such-heading").is_some());
        assert_eq!(fault(&root, contents, "https://example.com/x"), None);
    }
}
