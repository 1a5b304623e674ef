//! What may be set that way, but hardly ever should be.

use super::read::nearest;
use super::{DECLARED, Read, Settings, Sources};

/// What our variables begin with.
const PREFIX: &str = "LATCHKEY_";
/// Names the settings file, and so is none of its settings.
const CONFIG: &str = "LATCHKEY_CONFIG";

impl Read {
    /// What an operator would want to know of the settings in force, a sentence each; no value is repeated but
    /// addresses.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }
}

pub(super) fn find_warnings(settings: &Settings, sources: &Sources) -> Vec<String> {
    let mut warnings: Vec<String> = sources.environment.keys().filter_map(|variable| unknown(variable)).collect();
    if settings.dev {
        warnings.extend(settings.addresses().into_iter().filter(|(address, _)| !address.ip().is_loopback()).map(
            |(address, _)| {
                format!(
                    "dev mode listens on {address}: whoever reaches it is administrator with known keys and reads every \
                     message"
                )
            },
        ));
        return warnings;
    }
    if settings.smtp_url.is_none() {
        warnings
            .push("smtp-url is not set: no mail leaves, so nobody can confirm an address or reset a password".into());
    }
    if settings.base_url.is_none() {
        warnings.push("base-url is not set: tokens and links name this machine only".into());
    }
    warnings
}

/// The sentence for a variable that looks like a setting and is none.
fn unknown(variable: &str) -> Option<String> {
    let key = variable.strip_prefix(PREFIX)?;
    if variable == CONFIG || DECLARED.iter().any(|declared| declared.variable() == variable) {
        return None;
    }
    let hint = nearest(key).and_then(|name| DECLARED.iter().find(|declared| declared.name == name));
    let hint = hint.map(|declared| format!("; did you mean {}?", declared.variable())).unwrap_or_default();
    Some(format!("the variable {variable} is no setting{hint}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::BTreeMap;

    use super::super::read;
    use super::*;

    fn warnings(flags: &[(&str, &str)], variables: &[(&str, &str)]) -> Vec<String> {
        let flags = flags.iter().map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()])).collect();
        let environment: BTreeMap<String, String> =
            variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        read(&Sources { flags, environment, file: None }).unwrap().warnings().to_vec()
    }

    #[test]
    fn a_variable_that_is_no_setting_is_named_and_its_value_is_not() {
        let dev = [("dev", "true")];
        let told =
            warnings(&dev, &[("LATCHKEY_SMPT_URL", "smtp://u:secret@h"), ("LATCHKEY_XYZ", "secret"), ("PATH", "/")]);
        assert_eq!(
            told,
            [
                "the variable LATCHKEY_SMPT_URL is no setting; did you mean LATCHKEY_SMTP_URL?",
                "the variable LATCHKEY_XYZ is no setting",
            ]
        );
        let known: Vec<String> = DECLARED.iter().map(|declared| declared.variable()).collect();
        let mut all: Vec<(&str, &str)> = known.iter().map(|name| (name.as_str(), "")).collect();
        all.push((CONFIG, "latchkey.toml"));
        assert!(warnings(&dev, &all).is_empty());
    }

    #[test]
    fn dev_mode_on_a_public_address_and_production_without_mail_are_told() {
        assert!(warnings(&[("dev", "true")], &[]).is_empty());
        assert!(warnings(&[("dev", "true"), ("listen", "[::1]:80")], &[]).is_empty());
        let told = warnings(&[("dev", "true"), ("listen", "0.0.0.0:9229")], &[]);
        assert!(matches!(told.as_slice(), [one] if one.starts_with("dev mode listens on 0.0.0.0:9229")), "{told:?}");
        let told = warnings(&[], &[]);
        assert!(matches!(told.as_slice(), [mail, base] if mail.contains("smtp-url") && base.contains("base-url")));
        let whole = [("smtp-url", "smtp://mail.example.com"), ("base-url", "https://id.example.com")];
        assert!(warnings(&whole, &[]).is_empty());
    }
}
