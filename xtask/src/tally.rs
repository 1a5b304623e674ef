//! How many tests passed and failed, read from what the runners print themselves.

use std::time::Duration;

use crate::shell::seconds;

/// Counts of one suite.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Tests that ran and passed.
    pub(crate) passed: u64,
    /// Tests that ran and failed, or could not run.
    pub(crate) failed: u64,
    /// Tests that the runner was told to pass over.
    pub(crate) skipped: u64,
}

impl Tally {
    /// Adds another's counts.
    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

/// What became of a suite.
#[derive(Debug)]
pub(crate) struct Report {
    /// The suite's name.
    pub(crate) name: &'static str,
    /// Its counts.
    pub(crate) tally: Tally,
    /// How long it took.
    pub(crate) time: Duration,
    /// Why it failed, where no single test says so.
    pub(crate) note: Option<String>,
}

impl Report {
    /// One line for people.
    pub(crate) fn line(&self) -> String {
        let Tally { passed, failed, skipped } = self.tally;
        let skipped = if skipped == 0 { String::new() } else { format!(", {skipped} skipped") };
        let note = self.note.as_ref().map(|note| format!("  ({note})")).unwrap_or_default();
        let name = self.name;
        format!("{name:<10} {passed:>5} passed, {failed} failed{skipped}  in {}{note}", seconds(self.time))
    }
}

/// `Summary [   1.2s] 7 tests run: 6 passed (1 slow), 1 failed, 2 skipped` of cargo-nextest. What ran
/// without passing, or was to run and did not, has failed.
pub(crate) fn nextest(output: &str) -> Option<Tally> {
    let line = output.lines().rev().find(|line| line.contains("Summary [") && line.contains("run:"))?;
    let (before, after) = line.split_once("run:")?;
    let mut words = before.rsplit(' ').filter(|word| !word.is_empty());
    let total = words.find_map(|word| word.rsplit('/').next()?.parse::<u64>().ok())?;
    let passed = count(after, "passed");
    Some(Tally { passed, failed: total.saturating_sub(passed), skipped: count(after, "skipped") })
}

/// All `test result: ok. 3 passed; 0 failed; 1 ignored; …` lines of cargo test.
pub(crate) fn cargo_test(output: &str) -> Option<Tally> {
    let mut sum = None;
    for line in output.lines().filter(|line| line.trim_start().starts_with("test result:")) {
        let tally =
            Tally { passed: count(line, "passed"), failed: count(line, "failed"), skipped: count(line, "ignored") };
        sum.get_or_insert_with(Tally::default).add(tally);
    }
    sum
}

/// `==== 1 failed, 2 passed, 1 skipped, 1 error in 0.12s ====` of pytest. A test expected to fail that
/// passes has failed.
pub(crate) fn pytest(output: &str) -> Option<Tally> {
    let line = output.lines().rev().find(|line| {
        let ends = line.trim_matches(['=', ' ']);
        ends.contains(" in ")
            && ["passed", "failed", "error", "skipped", "no tests ran"].iter().any(|word| ends.contains(word))
    })?;
    let failed = count(line, "failed") + count(line, "error") + count(line, "errors") + count(line, "xpassed");
    Some(Tally { passed: count(line, "passed") + count(line, "xfailed"), failed, skipped: count(line, "skipped") })
}

/// The closing `# pass 3` lines of node's TAP reporter. A file in which node found no test counts there
/// as a test that passed, under the file's own name: here it has failed.
pub(crate) fn node_tap(output: &str, files: &[String]) -> Option<Tally> {
    let closing = |word: &str| {
        let prefix = format!("# {word} ");
        output.lines().rev().find_map(|line| line.strip_prefix(&prefix)?.trim().parse::<u64>().ok())
    };
    let (passed, failed) = (closing("pass")?, closing("fail")?);
    let is_file = |name: &str| files.iter().any(|file| file == name || file.ends_with(&format!("/{name}")));
    let titles =
        output.lines().filter_map(|line| line.strip_prefix("ok ")?.split_once(" - ").map(|(_, title)| title.trim()));
    let empty = u64::try_from(titles.filter(|title| is_file(title)).count()).ok()?;
    let failed = failed + closing("cancelled").unwrap_or(0) + empty;
    Some(Tally {
        passed: passed.saturating_sub(empty),
        failed,
        skipped: closing("skipped").unwrap_or(0) + closing("todo").unwrap_or(0),
    })
}

/// The number before a word: `12 passed`.
fn count(line: &str, word: &str) -> u64 {
    let words: Vec<&str> = line.split_whitespace().map(|word| word.trim_matches([',', ';', '.', '='])).collect();
    words
        .windows(2)
        .find_map(|pair| match pair {
            [number, found] if *found == word => number.parse().ok(),
            _ => None,
        })
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(passed: u64, failed: u64, skipped: u64) -> Option<Tally> {
        Some(Tally { passed, failed, skipped })
    }

    #[test]
    fn nextest_summaries() {
        assert_eq!(nextest("     Summary [   0.028s] 5 tests run: 5 passed, 0 skipped"), tally(5, 0, 0));
        assert_eq!(nextest("     Summary [   0.028s] 1 test run: 0 passed, 1 failed, 2 skipped"), tally(0, 1, 2));
        assert_eq!(
            nextest("  Summary [ 61.0s] 7 tests run: 5 passed (1 slow), 1 failed, 1 timed out, 0 skipped"),
            tally(5, 2, 0)
        );
        assert_eq!(nextest("  Summary [ 61.0s] 3/7 tests run: 3 passed, 0 skipped"), tally(3, 4, 0));
        assert_eq!(nextest("error: could not compile"), None);
    }

    #[test]
    fn cargo_test_results_add_up() {
        let output = "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured\n\
                      test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured\n";
        assert_eq!(cargo_test(output), tally(4, 2, 1));
        assert_eq!(cargo_test("error[E0433]"), None);
    }

    #[test]
    fn pytest_summaries() {
        assert_eq!(pytest("===== 3 passed in 0.12s ====="), tally(3, 0, 0));
        assert_eq!(pytest("1 failed, 2 passed, 1 skipped, 2 errors in 61.12s (0:01:01)"), tally(2, 3, 1));
        assert_eq!(pytest("no tests ran in 0.01s"), tally(0, 0, 0));
        assert_eq!(pytest("Traceback (most recent call last):"), None);
    }

    #[test]
    fn node_summaries() {
        let output = "TAP version 13\nok 1 - signs in\nok 2 - a.test.mjs\n# tests 2\n# pass 2\n# fail 0\n# cancelled 0\n# skipped 0\n# todo 0\n";
        assert_eq!(node_tap(output, &["tests/clients/node/a.test.mjs".to_owned()]), tally(1, 1, 0));
        assert_eq!(node_tap(output, &[]), tally(2, 0, 0));
        assert_eq!(node_tap("SyntaxError", &[]), None);
    }
}
