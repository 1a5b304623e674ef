//! The table.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::browser::Logins;
use crate::candidate::Figures;
use crate::median::median;

const BEGIN: &str = "<!-- written by `cargo xtask bench` -->";
const END: &str = "<!-- end of what is written -->";

/// A load's rates beside what the cryptography alone would allow, round by round; `before` where another build was
/// measured in turns.
#[derive(Debug, Default)]
pub(crate) struct Beside {
    limits: Vec<f64>,
    rates: Vec<f64>,
    before: Vec<f64>,
}

impl Beside {
    /// One round.
    pub(crate) fn push(&mut self, limit: f64, (rate, before): (f64, Option<f64>)) {
        self.limits.push(limit);
        self.rates.push(rate);
        self.before.extend(before);
    }

    fn rate(&self) -> f64 {
        median(&mut self.rates.clone())
    }

    fn limit(&self) -> f64 {
        median(&mut self.limits.clone())
    }

    /// Of the rounds' own ratios: neighbours slow both halves of a round.
    fn ratio(&self) -> String {
        quotient(&self.rates, &self.limits)
    }

    /// The other build's ratio, and how much faster than that build this one is.
    fn before(&self) -> [String; 2] {
        if self.before.is_empty() {
            return [String::new(), String::new()];
        }
        let limited = self.limits.iter().any(|limit| *limit > 0.0);
        let before = if limited { quotient(&self.before, &self.limits) } else { per_second(&self.before) };
        [before, quotient(&self.rates, &self.before)]
    }
}

fn quotient(these: &[f64], those: &[f64]) -> String {
    format!("{:.2}", median(&mut these.iter().zip(those).map(|(this, that)| this / that).collect::<Vec<_>>()))
}

fn per_second(rates: &[f64]) -> String {
    format!("{:.0}/s", median(&mut rates.to_vec()))
}

/// All rounds.
#[derive(Debug, Default)]
pub(crate) struct Measured {
    pub(crate) signatures: Vec<f64>,
    pub(crate) exponentiations: Vec<f64>,
    pub(crate) of_two: Vec<f64>,
    pub(crate) token: Beside,
    pub(crate) srp: Beside,
    pub(crate) password: Beside,
    pub(crate) refresh: Beside,
    pub(crate) jwks: Beside,
}

/// One line of the table.
#[derive(Debug, Default)]
struct Row {
    what: String,
    measured: String,
    limit: String,
    ratio: String,
    aim: String,
    /// The other build's figure, and this one's over it.
    before: [String; 2],
}

/// The table.
#[derive(Debug)]
pub(crate) struct Report {
    rows: Vec<Row>,
    browser: Vec<Logins>,
    with_before: bool,
}

impl Report {
    /// An empty one; `with_before` where another build is told beside.
    pub(crate) fn new(with_before: bool) -> Self {
        Self { rows: Vec::new(), browser: Vec::new(), with_before }
    }

    /// What a start and a file show.
    pub(crate) fn figures(&mut self, now: &Figures, before: Option<&Figures>) {
        let mut row = |what: &str, aim: &str, show: &dyn Fn(&Figures) -> String| {
            let before = [before.map(show).unwrap_or_default(), String::new()];
            self.rows.push(Row {
                what: what.to_owned(),
                measured: show(now),
                aim: aim.to_owned(),
                before,
                ..Row::default()
            });
        };
        row("binary, stripped, everything embedded", "", &|of| megabytes(of.size));
        row("first start to ready (keys are made, the demo pool is seeded)", "", &|of| milliseconds(of.first_start));
        row("start to ready, data there", "< 300 ms", &|of| milliseconds(of.start));
        row("resident memory at rest", "≤ 16 MB", &|of| megabytes(of.memory_at_rest));
        row("resident memory after that load", "", &|of| megabytes(of.memory));
    }

    /// A rate of nothing but the cryptography.
    fn raw(&mut self, what: &str, rate: String) {
        self.rows.push(Row { what: what.to_owned(), measured: rate, ..Row::default() });
    }

    fn load(&mut self, what: &str, of: &str, beside: &Beside, aim: &str) {
        self.rows.push(Row {
            what: what.to_owned(),
            measured: per_second(&beside.rates),
            limit: format!("{:.0}/s ({of})", beside.limit()),
            ratio: beside.ratio(),
            aim: aim.to_owned(),
            before: beside.before(),
        });
    }

    /// The rates, per second of CPU time.
    pub(crate) fn rates(&mut self, measured: &Measured, openssl: Option<f64>) {
        self.raw("RSA-2048 signatures, raw (aws-lc-rs)", per_second(&measured.signatures));
        self.raw("3072-bit exponentiations, raw (ours, constant-time)", per_second(&measured.exponentiations));
        self.raw("the same of the base 2, raw (ours, from a table)", per_second(&measured.of_two));
        if let Some(openssl) = openssl {
            let what = "the same group in OpenSSL (`openssl speed ffdh3072`: 275 bits, with checks)";
            self.raw(what, format!("{openssl:.0}/s"));
        }
        self.load("client_credentials tokens", "1 signature", &measured.token, "≥ 0.85");
        self.load("SRP logins", "3 exponentiations, 2 signatures", &measured.srp, "≥ 0.95");
        if let Some(openssl) = openssl {
            let mut other = Beside { before: measured.srp.before.clone(), ..Beside::default() };
            for (signatures, rate) in measured.signatures.iter().zip(&measured.srp.rates) {
                other.push(1.0 / (3.0 / openssl + 2.0 / signatures), (*rate, None));
            }
            self.load("the same", "the same with OpenSSL's exponentiations", &other, "");
        }
        self.load("USER_PASSWORD_AUTH logins", "1 from the table, 2 signatures", &measured.password, "≥ 0.9");
        self.load("refreshes", "2 signatures", &measured.refresh, "≥ 0.88");
        self.rows.push(Row {
            what: "JWKS answers".to_owned(),
            measured: format!("{:.0}/s", measured.jwks.rate()),
            aim: "≥ 60000/s".to_owned(),
            before: measured.jwks.before(),
            ..Row::default()
        });
    }

    /// What Chromium needed.
    pub(crate) fn browser(&mut self, logins: Vec<Logins>) {
        self.browser = logins;
    }

    /// As Markdown.
    pub(crate) fn table(&self) -> String {
        let (more, line) = if self.with_before { (" before | now ÷ before |", "---|---|") } else { ("", "") };
        let mut text = format!("| what | measured | limit of its cryptography | ratio | aim |{more}\n");
        let _ = writeln!(text, "|---|---|---|---|---|{line}");
        for Row { what, measured, limit, ratio, aim, before } in &self.rows {
            let _ = write!(text, "| {what} | {measured} | {limit} | {ratio} | {aim} |");
            if self.with_before {
                let _ = write!(text, " {} |", before.join(" | "));
            }
            text.push('\n');
        }
        if !self.browser.is_empty() {
            text.push_str("\n| SRP sign-in in Chromium | CPU of the page's process | on its main thread | ");
            text.push_str("wall time | long tasks (> 50 ms) | longest |\n|---|---|---|---|---|---|\n");
            for row in &self.browser {
                let _ = writeln!(
                    text,
                    "| {} | {:.1} ms | {:.1} ms | {:.1} ms | {:.2} a sign-in | {:.0} ms |",
                    row.name, row.process, row.main, row.wall, row.long_tasks, row.longest
                );
            }
        }
        text
    }

    /// Puts the table between the markers of a file.
    pub(crate) fn write(&self, file: &Path) -> Result<(), String> {
        let describe = |error: std::io::Error| format!("{}: {error}", file.display());
        let text = fs::read_to_string(file).map_err(describe)?;
        let parts = text.split_once(BEGIN).and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)));
        let (before, after) = parts.ok_or_else(|| format!("{} has no place for the table", file.display()))?;
        fs::write(file, format!("{before}{BEGIN}\n\n{}\n{END}{after}", self.table())).map_err(describe)
    }
}

#[allow(clippy::cast_precision_loss, reason = "told with one decimal")]
fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

fn milliseconds(time: Duration) -> String {
    format!("{:.0} ms", time.as_secs_f64() * 1e3)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn only_the_table_is_rewritten() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("benchmarks.md");
        fs::write(&file, format!("before\n{BEGIN}\nold\n{END}\nafter\n")).unwrap();
        let mut report = Report::new(false);
        report.raw("what", "7".to_owned());
        report.write(&file).unwrap();
        report.write(&file).unwrap();
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.starts_with("before\n") && text.ends_with("\nafter\n"));
        assert!(text.contains("| what | 7 |") && !text.contains("old"));
        fs::write(&file, "no markers").unwrap();
        assert!(report.write(&file).is_err());
    }

    #[test]
    fn a_ratio_is_of_rounds_and_not_of_medians() {
        let mut beside = Beside::default();
        for (limit, rate) in [(100.0, 90.0), (50.0, 45.0), (10.0, 9.0)] {
            beside.push(limit, (rate, Some(rate / 2.0)));
        }
        assert_eq!(beside.ratio(), "0.90");
        assert_eq!(beside.before(), ["0.45", "2.00"]);
    }
}
