//! What bears a secret is declared as one: its `Debug` shows nothing, and it is wiped when dropped. A member that sounds
//! like a secret and is plain text or bytes is a fault, unless it is in the list with the reason why it is none.

use std::path::Path;

use super::source::{self, Masked, mask};

/// In names of members, variants and types: what they hold may be a secret.
const WORDS: &[&str] = &[
    "assertion",
    "authorization",
    "code",
    "cookie",
    "credential",
    "csrf",
    "digits",
    "jwt",
    "key",
    "nonce",
    "passphrase",
    "password",
    "pepper",
    "pkcs8",
    "private",
    "proof",
    "salt",
    "secret",
    "seed",
    "session",
    "signature",
    "token",
    "verifier",
];

/// Types that hold text or bytes as they are.
const PLAIN: &[&str] = &["String", "str", "u8", "Value", "Blob", "Document", "Bytes"];

/// Types that show nothing and are wiped, or hold what is encrypted.
const HIDDEN: &[&str] = &["Sensitive", "Sealed", "Secret", "ProviderSecret"];

/// Where to look; what is generated from the model is held by a test of `protocol`.
const ROOMS: &[&str] = &["server/", "sdk/", "hosted-ui/src/"];
const GENERATED: &[&str] =
    &["sdk/crates/protocol/src/idp/", "sdk/crates/protocol/src/identity/", "sdk/crates/protocol/src/sts/"];

/// What sounds like a secret and is none, or one that cannot be hidden or wiped: `Type.member`, or `*.member` for any type's, and
/// the reason. The list holds what is needed and no more.
const EXEMPT: &[(&str, &str)] = &[
    ("*.access_key", "the id of an access key, which every signed request tells"),
    ("*.code_challenge", "a hash, told in the address of an authorization request"),
    ("*.group_key", "names a group of devices"),
    ("*.nonce", "told in the address of an authorization request, and in the ID token"),
    ("*.salt", "worth nothing without the verifier; clients are told it"),
    ("*.token_type", "the word Bearer"),
    ("Claim.signature", "becomes part of the next request's text, and counts once"),
    ("Derived.secret_hash", "a hash of what nobody can guess"),
    ("Device.key", "names a device"),
    ("ClientAuthentication.key_id", "a name"),
    ("DiscoveryDocument.authorization_endpoint", "an address"),
    ("DiscoveryDocument.token_endpoint", "an address"),
    ("DiscoveryDocument.token_endpoint_auth_methods_supported", "names of methods"),
    ("Entry.code", "the developer's mailbox is there to show it"),
    ("ErrorPage.code", "the code of an error"),
    ("Failure.code", "the code of an error"),
    ("FormState.csrf", "becomes part of a page's text"),
    ("FoundForProof.key", "a user's name"),
    ("KeyOwner.session", "names a session of a role"),
    ("Lease.token", "names a lease; nobody outside hears it"),
    ("Notice.CodeSent", "where a code went"),
    ("Notice.CodeSentPerhaps", "where a code would go"),
    ("Own.key", "the path of a file"),
    ("Page.next_token", "a place in a list"),
    ("PageRequest.token", "a place in a list"),
    ("Principal.session", "names a session of a role"),
    ("TagFault.key", "names a tag"),
    ("TotpKey.secret", "becomes part of a page's text"),
    ("OAuth2Provider.token_url", "an address"),
    ("OidcProvider.token_url", "an address"),
    ("VerifyingKeys.0", "public keys"),
];

/// Every plain secret that is not in the list, and every entry of the list that is not needed, as a sentence.
pub(super) fn find_faults(files: &[String], root: &Path) -> Vec<String> {
    let mut faults = Vec::new();
    let mut used = Vec::new();
    for (file, contents) in source::without_tests(files, root) {
        if !ROOMS.iter().any(|room| file.starts_with(room)) || GENERATED.iter().any(|room| file.starts_with(room)) {
            continue;
        }
        for (line, what, why) in plain_secrets(&contents) {
            let is =
                |exempt: &str| exempt == what || exempt.strip_prefix('*').is_some_and(|member| what.ends_with(member));
            match EXEMPT.iter().find(|(exempt, _)| is(exempt)) {
                Some((exempt, _)) => used.push(*exempt),
                None => faults.push(format!(
                    "{file}:{line}: `{what}` {why}: hold it as `protocol::Sensitive` or `zeroize::Zeroizing`, or say in \
                     EXEMPT (xtask/src/check/secrets.rs) why it is no secret."
                )),
            }
        }
    }
    let stale = EXEMPT.iter().filter(|(exempt, _)| !used.contains(exempt));
    faults.extend(stale.map(|(exempt, _)| format!("`{exempt}` is not needed in EXEMPT (xtask/src/check/secrets.rs).")));
    faults
}

/// Plain secrets of a file: the line, `Type.member`, and what is wrong.
fn plain_secrets(contents: &str) -> Vec<(usize, String, &'static str)> {
    let code = mask(contents, Masked::CommentsAndText);
    let mut found = Vec::new();
    for declared in types(&code) {
        for (at, name, held) in declared.members() {
            let sounds =
                sounds_secret(&name) || name.starts_with(|c: char| c.is_ascii_digit()) && sounds_secret(declared.name);
            let has = |names: &[&str]| names.iter().any(|name| source::has_word(&held, name));
            if !sounds || !has(PLAIN) || has(HIDDEN) || held.contains("'static") {
                continue;
            }
            let borrowed = held.contains('&') || held.contains("Cow");
            let wiped = borrowed || has(&["Zeroizing"]) || declared.is_wiped(&code);
            let why = match (declared.shows(), wiped) {
                (true, _) => "is shown by Debug",
                (false, false) => "is not wiped",
                (false, true) => continue,
            };
            let line = code.get(..declared.at + at).unwrap_or_default().matches('\n').count() + 1;
            found.push((line, format!("{}.{name}", declared.name), why));
        }
    }
    found
}

fn sounds_secret(name: &str) -> bool {
    let mut words = vec![String::new()];
    for c in name.chars() {
        if c == '_' || c.is_uppercase() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c != '_') {
            word.extend(c.to_lowercase());
        }
    }
    words.iter().any(|word| WORDS.contains(&word.as_str()) || WORDS.contains(&word.trim_end_matches('s')))
}

/// A struct or an enum as it is declared.
struct Declared<'c> {
    name: &'c str,
    attributes: &'c str,
    /// Where the body begins in the file.
    at: usize,
    /// Between its brackets, of which each kind is told by `is_tuple`.
    body: &'c str,
    is_tuple: bool,
}

impl Declared<'_> {
    fn shows(&self) -> bool {
        self.attributes.contains("derive(") && source::has_word(self.attributes, "Debug")
    }

    fn is_wiped(&self, code: &str) -> bool {
        let drops = |line: &str| line.contains("Drop for ") && source::has_word(line, self.name);
        source::has_word(self.attributes, "ZeroizeOnDrop") || code.lines().any(drops)
    }

    /// Members with what they hold, those of variants and of tuples too: of these, which are named by their place, the
    /// variant's name counts.
    fn members(&self) -> Vec<(usize, String, String)> {
        let parts = split(self.body);
        if self.is_tuple {
            return parts.into_iter().enumerate().map(|(place, (at, part))| (at, place.to_string(), part)).collect();
        }
        let mut members = Vec::new();
        for (at, part) in parts {
            let bare = without_attributes(&part);
            let at = at + part.len() - bare.len();
            let name: String = bare.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let rest = bare.get(name.len()..).unwrap_or_default().trim_start();
            match rest.chars().next() {
                Some(':') => members.push((at, name, rest.to_owned())),
                Some('(') => members.push((at, name, rest.to_owned())),
                Some('{') => {
                    let inner = rest.trim_start_matches('{').trim_end().trim_end_matches('}');
                    let variant = Declared { body: inner, is_tuple: false, ..*self };
                    members.extend(variant.members().into_iter().map(|(_, inner, held)| (at, inner, held)));
                }
                _ => {}
            }
        }
        members
    }
}

/// A member without attributes and visibility.
fn without_attributes(part: &str) -> &str {
    let mut rest = part.trim_start();
    while let Some(inner) = rest.strip_prefix("#[") {
        let end = closing(inner, '[', ']').unwrap_or(inner.len());
        rest = inner.get(end + 1..).unwrap_or_default().trim_start();
    }
    match rest.strip_prefix("pub") {
        Some(public) if public.starts_with(char::is_whitespace) => public.trim_start(),
        Some(public) if public.starts_with('(') => public.split_once(')').map_or("", |(_, rest)| rest).trim_start(),
        _ => rest,
    }
}

/// The parts between commas that stand in no bracket, and where each begins.
fn split(body: &str) -> Vec<(usize, String)> {
    let (mut parts, mut depth, mut begin) = (Vec::new(), 0_i32, 0);
    let mut last = ' ';
    for (at, c) in body.char_indices() {
        match c {
            '(' | '[' | '{' | '<' => depth += 1,
            '>' if last == '-' => {}
            ')' | ']' | '}' | '>' => depth -= 1,
            ',' if depth == 0 => {
                parts.push((begin, body.get(begin..at).unwrap_or_default().to_owned()));
                begin = at + 1;
            }
            _ => {}
        }
        last = c;
    }
    parts.push((begin, body.get(begin..).unwrap_or_default().to_owned()));
    parts.retain(|(_, part)| !part.trim().is_empty());
    parts
}

/// Where the bracket ends that was opened just before.
fn closing(text: &str, open: char, close: char) -> Option<usize> {
    let mut depth = 1;
    for (at, c) in text.char_indices() {
        depth += i32::from(c == open) - i32::from(c == close);
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

/// The structs and enums that code declares.
fn types(code: &str) -> Vec<Declared<'_>> {
    let mut types = Vec::new();
    for keyword in ["struct ", "enum "] {
        for (at, _) in code.match_indices(keyword) {
            let begins = code.get(..at).and_then(|before| before.chars().next_back());
            if begins.is_some_and(|c| c.is_alphanumeric() || c == '_') {
                continue;
            }
            let Some(rest) = code.get(at + keyword.len()..) else { continue };
            let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
            let Some(open) = rest.find(['{', '(', ';']) else { continue };
            let (is_tuple, close) = match rest.get(open..=open) {
                Some("{") => (false, ('{', '}')),
                Some("(") => (true, ('(', ')')),
                _ => continue,
            };
            let Some(body) = rest.get(open + 1..).and_then(|body| body.get(..closing(body, close.0, close.1)?)) else {
                continue;
            };
            let name = rest.get(..end).unwrap_or_default();
            let attributes = attributes_before(code.get(..at).unwrap_or_default());
            types.push(Declared { name, attributes, at: at + keyword.len() + open + 1, body, is_tuple });
        }
    }
    types
}

/// The attributes of the item that follows: what stands since the end of the item before it.
fn attributes_before(code: &str) -> &str {
    let begin = code.rfind([';', '}', '{']).map_or(0, |at| at + 1);
    code.get(begin..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn what(code: &str) -> Vec<String> {
        plain_secrets(code).into_iter().map(|(line, what, why)| format!("{line} {what} {why}")).collect()
    }

    #[test]
    fn a_secret_that_is_shown_is_found() {
        let code = "#[derive(Clone, Debug)]\npub struct A {\n    /// Said, not kept.\n    pub access_token: Option<String>,\n}\n";
        assert_eq!(what(code), ["4 A.access_token is shown by Debug"]);
        let code = "#[derive(Debug)]\nenum B {\n    Password(String),\n    Other { #[serde(default)] pub(crate) private_key: Vec<u8> },\n}\n";
        assert_eq!(what(code), ["3 B.Password is shown by Debug", "4 B.private_key is shown by Debug"]);
        assert_eq!(what("#[derive(Debug)]\nstruct Token(pub String);\n"), ["2 Token.0 is shown by Debug"]);
        assert_eq!(
            what("#[derive(Debug)]\nstruct C<'a> {\n    session: &'a str,\n}\n"),
            ["3 C.session is shown by Debug"]
        );
    }

    #[test]
    fn a_secret_that_is_not_wiped_is_found() {
        assert_eq!(what("struct A {\n    codes: BTreeMap<String, String>,\n}\n"), ["2 A.codes is not wiped"]);
        assert_eq!(
            what("struct A { secret: [u8; 32] }\nimpl Drop for A { fn drop(&mut self) {} }\n"),
            Vec::<String>::new()
        );
        assert_eq!(what("#[derive(ZeroizeOnDrop)]\nstruct A { secret: [u8; 32] }\n"), Vec::<String>::new());
    }

    #[test]
    fn what_hides_itself_is_not() {
        let code = "#[derive(Debug)]\nstruct A<'a> {\n    password: Sensitive,\n    keys: Vec<Sealed>,\n    name: String,\n    code: &'static str,\n    token: Counted<u32>,\n}\nstruct B<'a> { password: &'a str, key: Zeroizing<Vec<u8>> }\n";
        assert_eq!(what(code), Vec::<String>::new());
        // Zeroizing wipes, and shows.
        assert_eq!(what("#[derive(Debug)]\nstruct A { key: Zeroizing<String> }\n"), ["2 A.key is shown by Debug"]);
    }
}
