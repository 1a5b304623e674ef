//! Who may depend on whom. An arrow that is not in the table is a fault.

use serde_json::Value;

use crate::shell::text;

/// The prefix of our packages' names.
const PREFIX: &str = "latchkey-";

/// What each room may use of ours. The binary may use everything and is used by nothing.
const EDGES: &[(&str, &[&str])] = &[
    ("protocol", &[]),
    ("srp", &[]),
    ("world", &[]),
    ("panics", &[]),
    ("cache", &[]),
    ("domain", &["protocol"]),
    ("client", &["protocol", "srp"]),
    ("sdk", &["client"]),
    ("hosted-ui", &["srp"]),
    ("branding", &["domain", "protocol", "hosted-ui"]),
    ("store", &["domain", "world", "panics"]),
    ("tokens", &["domain", "world"]),
    ("triggers", &["domain", "world", "protocol", "tokens"]),
    ("messages", &["domain", "world", "protocol", "tokens"]),
    ("federation", &["domain", "world", "protocol", "tokens"]),
    ("iam", &["domain", "world", "protocol", "tokens", "cache"]),
    (
        "flows",
        &[
            "domain",
            "store",
            "tokens",
            "triggers",
            "messages",
            "federation",
            "srp",
            "world",
            "protocol",
            "cache",
            "branding",
        ],
    ),
    ("api", &["protocol", "flows", "iam", "domain", "panics", "branding"]),
    ("oauth", &["protocol", "flows", "tokens", "domain", "hosted-ui", "branding", "panics", "cache"]),
    ("test-postgres", &[]),
    ("test-server", &[]),
];

/// What any room's own tests may use beside that: the fakes of the outside, a post that collects, the client's
/// half of a proof, and a database to run on.
const IN_TESTS: &[&str] = &["world", "messages", "srp", "test-postgres"];

/// What the tests of one room may use beside even that: those of the browser's door look at what is stored, and
/// start the server that all tests start.
const IN_TESTS_OF: &[(&str, &[&str])] = &[("oauth", &["store", "tests"])];

/// Rooms that stand outside the house and may use all of it.
const OUTSIDE: &[&str] = &["latchkey", "latchkey-tests", "latchkey-bench", "xtask", "bindgen", "wasm-tools"];

/// Every edge of `cargo metadata`'s packages that the table does not have, as a sentence.
pub(super) fn find_faults(metadata: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    let packages = || metadata.get("packages").and_then(Value::as_array).into_iter().flatten();
    let is_ours = |name: &str| packages().any(|package| text(package, "name") == name);
    for package in packages() {
        let name = text(package, "name");
        if OUTSIDE.contains(&name) {
            continue;
        }
        let room = name.strip_prefix(PREFIX).unwrap_or(name);
        let Some((_, allowed)) = EDGES.iter().find(|(known, _)| *known == room) else {
            faults.push(format!(
                "`{room}` is not in the table of edges (xtask/src/check/edges.rs): say there what it may use."
            ));
            continue;
        };
        for dependency in package.get("dependencies").and_then(Value::as_array).into_iter().flatten() {
            let used = text(dependency, "name");
            if !is_ours(used) {
                continue;
            }
            let used = used.strip_prefix(PREFIX).unwrap_or(used);
            let in_tests = text(dependency, "kind") == "dev";
            // A crate's own tests may name the crate again, with other features.
            let itself = in_tests && used == room;
            let own = || IN_TESTS_OF.iter().any(|(known, more)| *known == room && more.contains(&used));
            if !(allowed.contains(&used) || itself || in_tests && (IN_TESTS.contains(&used) || own())) {
                let whose = if in_tests { "'s tests" } else { "" };
                faults.push(format!("`{room}`{whose} may not depend on `{used}`: {}.", say(allowed)));
            }
        }
    }
    faults
}

fn say(allowed: &[&str]) -> String {
    if allowed.is_empty() {
        return "it depends on no room of ours".to_owned();
    }
    format!("it may use {}", allowed.join(", "))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn package(name: &str, uses: &[(&str, Option<&str>)]) -> Value {
        let dependencies: Vec<Value> = uses.iter().map(|(name, kind)| json!({ "name": name, "kind": kind })).collect();
        json!({ "name": name, "dependencies": dependencies })
    }

    #[test]
    fn an_arrow_that_turns_back_is_a_fault() {
        let metadata = json!({ "packages": [
            package("latchkey-domain", &[("latchkey-store", None), ("serde", None)]),
            package("latchkey-store", &[("latchkey-domain", None)]),
        ]});
        assert_eq!(find_faults(&metadata), ["`domain` may not depend on `store`: it may use protocol."]);
    }

    #[test]
    fn tests_may_use_the_fakes_and_nothing_else() {
        let metadata = json!({ "packages": [
            package("latchkey-protocol", &[("latchkey-world", Some("dev")), ("latchkey-store", Some("dev"))]),
            package("latchkey-world", &[]),
            package("latchkey-store", &[]),
        ]});
        assert_eq!(
            find_faults(&metadata),
            ["`protocol`'s tests may not depend on `store`: it depends on no room of ours."]
        );
    }

    #[test]
    fn a_room_nobody_knows_is_a_fault() {
        assert_eq!(find_faults(&json!({ "packages": [package("latchkey-attic", &[])] })).len(), 1);
    }
}
