//! The layers of the browser's door: each folder of the crate uses those below it and no other, so that there is no
//! circle between them. The compiler would not mind one.

use std::path::Path;

use super::source::{self, Masked, has_word, mask};

/// The crate.
const CRATE: &str = "server/crates/oauth/src/";

/// The layers from the lowest up, each with those that it may use.
const LAYERS: &[(&str, &[&str])] = &[
    ("theme", &[]),
    ("http", &["theme"]),
    ("authorization", &["http"]),
    ("pages", &["authorization", "http"]),
    ("endpoints", &["pages", "authorization", "http"]),
];

/// What joins the layers, above them all.
const TOP: &[&str] = &["lib.rs", "routes.rs"];

/// Every line that uses a layer which is not below its own, and every file that is in no layer, as a sentence.
pub(super) fn find_faults(files: &[String], root: &Path) -> Vec<String> {
    let mut faults = Vec::new();
    for (file, contents) in source::without_tests(files, root) {
        let Some(within) = file.strip_prefix(CRATE).filter(|within| !TOP.contains(within)) else { continue };
        let folder = within.split_once('/').map(|(folder, _)| folder);
        let Some((layer, below)) = LAYERS.iter().find(|(layer, _)| folder == Some(*layer)) else {
            faults.push(format!("{file}: it is in no layer (xtask/src/check/layers.rs)."));
            continue;
        };
        let found = escapes(&contents, depth(within), layer, below).into_iter();
        faults
            .extend(found.map(|(line, what)| {
                format!("{file}:{line}: `{what}`: the layer `{layer}` may use {}.", listed(below))
            }));
    }
    faults
}

fn listed(below: &[&str]) -> String {
    if below.is_empty() { "no other".to_owned() } else { below.join(", ") }
}

/// How many modules a file is below the crate's root.
fn depth(within: &str) -> usize {
    let modules = within.trim_end_matches(".rs").trim_end_matches("/mod");
    modules.split('/').count()
}

/// The paths that lead out of a layer and not to one below, with the numbers of their lines.
fn escapes(contents: &str, depth: usize, layer: &str, below: &[&str]) -> Vec<(usize, String)> {
    let code = mask(contents, Masked::CommentsAndText);
    let above = "super::".repeat(depth);
    let mut found = Vec::new();
    for (index, line) in code.lines().enumerate() {
        let names = line.match_indices("crate::").filter(|(at, _)| begins_word(line, *at));
        let names = names.flat_map(|(at, word)| first_names(line.get(at + word.len()..).unwrap_or_default()));
        let foreign = names.filter(|name| name != layer && !below.contains(&name.as_str()));
        found.extend(foreign.map(|name| (index + 1, format!("crate::{name}"))));
        if has_word(line, above.trim_end_matches(':')) && line.contains(&above) {
            found.push((index + 1, above.clone()));
        }
    }
    found
}

fn begins_word(line: &str, at: usize) -> bool {
    let before = line.get(..at).and_then(|before| before.chars().next_back());
    !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '$')
}

/// The names that a path goes on with: one, or those of a group. A group over several lines is one that rustfmt makes of
/// long ones: it counts as foreign, so that layers are named each by itself.
fn first_names(rest: &str) -> Vec<String> {
    let word = |text: &str| -> String {
        text.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_' || *c == '*').collect()
    };
    let Some(group) = rest.strip_prefix('{') else { return vec![word(rest)] };
    let mut names = Vec::new();
    let mut inner = 0;
    let mut start = 0;
    for (at, c) in group.char_indices() {
        match c {
            '{' => inner += 1,
            '}' if inner > 0 => inner -= 1,
            ',' | '}' if inner == 0 => {
                names.push(word(group.get(start..at).unwrap_or_default()));
                start = at + 1;
                if c == '}' {
                    return names;
                }
            }
            _ => {}
        }
    }
    vec!["{".to_owned()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn what(code: &str) -> Vec<String> {
        escapes(code, 2, "http", &["theme"]).into_iter().map(|(_, what)| what).collect()
    }

    #[test]
    fn a_path_to_a_layer_that_is_not_below_is_found() {
        assert_eq!(what("use crate::pages::Step;\n"), ["crate::pages"]);
        assert_eq!(what("let a = crate::endpoints::token::token(call);\n"), ["crate::endpoints"]);
        assert_eq!(what("use crate::{http::call::Call, pages};\n"), ["crate::pages"]);
        assert_eq!(what("use crate::{\n    pages,\n};\n"), ["crate::{"]);
        assert_eq!(what("use crate::OAuth;\n"), ["crate::OAuth"]);
        assert_eq!(what("use crate::*;\n"), ["crate::*"]);
        assert_eq!(what("use super::super::pages;\n"), ["super::super::"]);
        assert_eq!(what("pub(crate) use crate::routes::ROUTES;\n"), ["crate::routes"]);
    }

    #[test]
    fn what_is_below_or_of_the_same_layer_is_not() {
        let code = "use crate::theme::Theme;\nuse crate::{http::{a, b}, theme};\nuse super::call::Call;\n\
                    // crate::pages\nlet a = \"crate::pages\"; let b = mycrate::pages;\npub(crate) fn f() {}\n";
        assert_eq!(what(code), Vec::<String>::new());
    }

    #[test]
    fn a_files_depth_is_that_of_its_module() {
        for (file, modules) in [("http/call.rs", 2), ("pages/mod.rs", 1), ("pages/account/mod.rs", 2)] {
            assert_eq!(depth(file), modules, "{file}");
        }
    }

    #[test]
    fn no_layer_uses_one_that_uses_it() {
        for (index, (layer, below)) in LAYERS.iter().enumerate() {
            let lower: Vec<&str> = LAYERS.iter().take(index).map(|(layer, _)| *layer).collect();
            assert!(below.iter().all(|used| lower.contains(used)), "{layer}");
        }
    }
}
