//! AWS's names, sentences and parameter maps belong to the AWS door. Elsewhere they would be a second language for what
//! the domain already says in types, and a sentence that is reworded would silently change what a page does.

use std::path::Path;

use super::source::{self, Masked, allow, has_word, mask};

/// Rooms that have to do with AWS's wire: the door itself, and signatures and policies. `protocol` declares its words,
/// and the SDK speaks it as a client.
const AWS: &[&str] = &["server/crates/api/", "server/crates/iam/"];

/// Types of `protocol` that only the door may name.
const TYPES: &[&str] = &["ErrorName", "ChallengeNameType"];

/// Members of AuthParameters, ChallengeParameters and ChallengeResponses, and the challenges' names.
const NAMES: &[&str] = &[
    "ANSWER",
    "AVAILABLE_CHALLENGES",
    "CODE_DELIVERY_DELIVERY_MEDIUM",
    "CODE_DELIVERY_DESTINATION",
    "CREDENTIAL",
    "CREDENTIAL_REQUEST_OPTIONS",
    "CUSTOM_CHALLENGE",
    "DEVICE_GROUP_KEY",
    "DEVICE_KEY",
    "DEVICE_PASSWORD_VERIFIER",
    "DEVICE_SRP_AUTH",
    "EMAIL_OTP",
    "EMAIL_OTP_CODE",
    "FRIENDLY_DEVICE_NAME",
    "MFAS_CAN_CHOOSE",
    "MFAS_CAN_SETUP",
    "MFA_SETUP",
    "NEW_PASSWORD",
    "NEW_PASSWORD_REQUIRED",
    "PASSWORD",
    "PASSWORD_CLAIM_SECRET_BLOCK",
    "PASSWORD_CLAIM_SIGNATURE",
    "PASSWORD_SRP",
    "PASSWORD_VERIFIER",
    "PREFERRED_CHALLENGE",
    "REFRESH_TOKEN",
    "SALT",
    "SECRET_BLOCK",
    "SECRET_HASH",
    "SELECT_CHALLENGE",
    "SELECT_MFA_TYPE",
    "SESSION",
    "SMS_MFA",
    "SMS_MFA_CODE",
    "SMS_OTP",
    "SMS_OTP_CODE",
    "SOFTWARE_TOKEN_MFA",
    "SOFTWARE_TOKEN_MFA_CODE",
    "SRP_A",
    "SRP_B",
    "TIMESTAMP",
    "USERNAME",
    "USER_ID_FOR_SRP",
    "WEB_AUTHN",
];

/// What compares the text that follows.
const COMPARES: &[&str] = &["== ", "!= ", "starts_with(", "ends_with(", "contains(", "strip_prefix(", "eq("];

/// Files that still do. The list only shrinks.
const STILL_TO_COME: &[&str] = &["hosted-ui/src/pages/mfa.rs", "server/crates/domain/src/mfa.rs"];

/// Every line outside the AWS door that speaks AWS, as a sentence.
pub(super) fn find_faults(files: &[String], root: &Path) -> Vec<String> {
    let mut faults = Vec::new();
    for (file, contents) in source::without_tests(files, root) {
        let ours = file.starts_with("server/") || file.starts_with("hosted-ui/src/");
        if ours && !AWS.iter().any(|room| file.starts_with(room)) {
            let found = breaches(&contents).into_iter();
            faults.extend(found.map(|(line, what)| {
                (file, format!("{file}:{line}: {what} outside `api`: say it with a type of `domain`."))
            }));
        }
    }
    allow(faults, STILL_TO_COME, "STILL_TO_COME (xtask/src/check/aws_text.rs)")
}

/// AWS's text in code, with the numbers of the lines.
fn breaches(contents: &str) -> Vec<(usize, String)> {
    let code = mask(contents, Masked::Comments);
    let bare = mask(contents, Masked::CommentsAndText);
    let mut found: Vec<(usize, String)> = Vec::new();
    for (index, line) in bare.lines().enumerate() {
        let types = TYPES.iter().filter(|name| has_word(line, name));
        found.extend(types.map(|name| (index + 1, format!("`{name}`"))));
    }
    for (at, before, text, after) in texts(&code, &bare) {
        let line = bare.get(..at).unwrap_or_default().matches('\n').count() + 1;
        if NAMES.contains(&text) {
            found.push((line, format!("\"{text}\"")));
        } else if is_compared(before, text, after) {
            found.push((line, format!("the comparison with \"{text}\"")));
        }
    }
    found.sort();
    found
}

/// The texts in quotes: where each begins, what stands before it on its line, the text, and what stands after.
fn texts<'c>(code: &'c str, bare: &str) -> Vec<(usize, &'c str, &'c str, &'c str)> {
    let quotes: Vec<usize> = bare.match_indices('"').map(|(at, _)| at).collect();
    let slice = |pair: &[usize]| {
        let (begin, end) = (*pair.first()?, *pair.last()?);
        let before = code.get(..begin)?.rsplit('\n').next()?;
        let after = code.get(end + 1..)?.split('\n').next()?;
        Some((begin, before, code.get(begin + 1..end)?, after))
    };
    quotes.chunks_exact(2).filter_map(slice).collect()
}

/// Whether a text is a sentence or the beginning of one, and something is compared with it.
fn is_compared(before: &str, text: &str, after: &str) -> bool {
    let is_sentence = text.starts_with(|c: char| c.is_ascii_uppercase()) && text.contains(' ');
    let is_pattern = after.starts_with(" =>") || after.starts_with(" |") || before.trim_end().ends_with('|');
    is_sentence && (is_pattern || COMPARES.iter().any(|compare| before.ends_with(compare)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn what(code: &str) -> Vec<String> {
        breaches(code).into_iter().map(|(_, what)| what).collect()
    }

    #[test]
    fn names_and_parameters_are_found() {
        assert_eq!(what("use protocol::ErrorName;\n"), ["`ErrorName`"]);
        assert_eq!(what("name: protocol::idp::ChallengeNameType,\n"), ["`ChallengeNameType`"]);
        assert_eq!(what("answers.get(\"SECRET_HASH\")\n"), ["\"SECRET_HASH\""]);
    }

    #[test]
    fn a_sentence_that_is_compared_is_found() {
        assert_eq!(what("if said == \"User already exists\" {\n"), ["the comparison with \"User already exists\""]);
        assert_eq!(
            what("s if s.starts_with(\"Invalid session\") => x,\n"),
            ["the comparison with \"Invalid session\""]
        );
        assert_eq!(what("    \"Password attempts exceeded\" => x,\n").len(), 1);
        assert_eq!(what("    \"User is disabled.\" | \"x\" => x,\n").len(), 1);
    }

    #[test]
    fn what_is_only_said_is_not() {
        assert_eq!(
            what("// ErrorName, \"SECRET_HASH\"\nlet a = \"Two words\"; let b = \"ErrorName\"; f(\"code\");\n"),
            Vec::<String>::new()
        );
    }
}
