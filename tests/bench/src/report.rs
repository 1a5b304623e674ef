//! The table.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::browser::Logins;
use crate::median::median;

const BEGIN: &str = "<!-- written by `cargo xtask bench` -->";
const END: &str = "<!-- end of what is written -->";

/// A load's rates beside what the cryptography alone would allow, round by round.
#[derive(Debug, Default)]
pub(crate) struct Beside {
    limits: Vec<f64>,
    rates: Vec<f64>,
}

impl Beside {
    /// One round.
    pub(crate) fn push(&mut self, limit: f64, rate: f64) {
        self.limits.push(limit);
        self.rates.push(rate);
    }

    fn rate(&self) -> f64 {
        median(&mut self.rates.clone())
    }

    fn limit(&self) -> f64 {
        median(&mut self.limits.clone())
    }

    /// Of the rounds' own ratios: neighbours slow both halves of a round.
    fn ratio(&self) -> f64 {
        median(&mut self.rates.iter().zip(&self.limits).map(|(rate, limit)| rate / limit).collect::<Vec<_>>())
    }
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

/// Rows: what, figure, limit, ratio, aim.
#[derive(Debug, Default)]
pub(crate) struct Report {
    rows: Vec<[String; 5]>,
    browser: Vec<Logins>,
}

impl Report {
    /// A figure that stands for itself.
    pub(crate) fn note(&mut self, what: &str, figure: String) {
        self.aim(what, figure, "");
    }

    /// A figure with an aim.
    pub(crate) fn aim(&mut self, what: &str, figure: String, aim: &str) {
        self.rows.push([what.to_owned(), figure, String::new(), String::new(), aim.to_owned()]);
    }

    /// The rates, per second of CPU time.
    pub(crate) fn rates(&mut self, measured: &Measured, openssl: Option<f64>) {
        let alone = |rates: &[f64]| format!("{:.0}/s", median(&mut rates.to_vec()));
        self.note("RSA-2048 signatures, raw (aws-lc-rs)", alone(&measured.signatures));
        self.note("3072-bit exponentiations, raw (ours, constant-time)", alone(&measured.exponentiations));
        self.note("the same of the base 2, raw (ours, from a table)", alone(&measured.of_two));
        if let Some(openssl) = openssl {
            let what = "the same group in OpenSSL (`openssl speed ffdh3072`: 275 bits, with checks)";
            self.note(what, format!("{openssl:.0}/s"));
        }
        let mut beside = |what: &str, of: &str, beside: &Beside, aim: &str| {
            let limit = format!("{:.0}/s ({of})", beside.limit());
            let rate = format!("{:.0}/s", beside.rate());
            self.rows.push([what.to_owned(), rate, limit, format!("{:.2}", beside.ratio()), aim.to_owned()]);
        };
        beside("client_credentials tokens", "1 signature", &measured.token, "≥ 0.8");
        beside("SRP logins", "3 exponentiations, 2 signatures", &measured.srp, "≥ 0.8");
        if let Some(openssl) = openssl {
            let mut other = Beside::default();
            for (signatures, rate) in measured.signatures.iter().zip(&measured.srp.rates) {
                other.push(1.0 / (3.0 / openssl + 2.0 / signatures), *rate);
            }
            beside("the same", "the same with OpenSSL's exponentiations", &other, "");
        }
        beside("USER_PASSWORD_AUTH logins", "1 from the table, 2 signatures", &measured.password, "");
        beside("refreshes", "2 signatures", &measured.refresh, "");
        self.note("JWKS answers", format!("{:.0}/s", measured.jwks.rate()));
    }

    /// What Chromium needed.
    pub(crate) fn browser(&mut self, logins: Vec<Logins>) {
        self.browser = logins;
    }

    /// As Markdown.
    pub(crate) fn table(&self) -> String {
        let mut text =
            "| what | measured | limit of its cryptography | ratio | aim |\n|---|---|---|---|---|\n".to_owned();
        for row in &self.rows {
            let _ = writeln!(text, "| {} |", row.join(" | "));
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn only_the_table_is_rewritten() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("benchmarks.md");
        fs::write(&file, format!("before\n{BEGIN}\nold\n{END}\nafter\n")).unwrap();
        let mut report = Report::default();
        report.note("what", "7".to_owned());
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
            beside.push(limit, rate);
        }
        assert!((beside.ratio() - 0.9).abs() < 1e-9);
    }
}
