//! `config check`: what is in force, and why.

use std::fmt::Write as _;

use super::{DECLARED, Origin, Read};

impl Read {
    /// The settings in force as a table of name, value and origin; secrets are masked.
    pub fn table(&self) -> String {
        let rows: Vec<(&str, String, &Origin)> = DECLARED
            .iter()
            .zip(&self.origins)
            .map(|(declared, (_, origin))| {
                let value = match (declared.shown)(&self.settings) {
                    Some(_) if declared.secret => "***".to_owned(),
                    Some(value) => value,
                    None => "-".to_owned(),
                };
                (declared.name, value, origin)
            })
            .collect();
        let providers = self.settings.identity_providers.iter();
        let tables = providers.map(|provider| ("identity-provider", format!("{provider:?}"), &self.tables));
        let rows: Vec<_> = rows.into_iter().chain(tables).collect();
        let width = |of: fn(&(&str, String, &Origin)) -> usize| rows.iter().map(of).max().unwrap_or_default();
        let (names, values) = (width(|row| row.0.len()), width(|row| row.1.chars().count()));
        let mut table = String::new();
        for (name, value, origin) in &rows {
            let _ = writeln!(table, "{name:names$}  {value:values$}  {origin}");
        }
        table
    }
}
