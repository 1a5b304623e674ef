//! Style sheets taken apart, strictly: what is not understood is refused, so that nothing slips through a
//! difference between this reading and a browser's (CSS Syntax Level 3).
//!
//! There are no escapes here: `\` ends the reading. Nobody needs one for a colour or a width.

use domain::CssFault;

/// A part of a style sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Item {
    /// `selector { … }`
    Rule(Rule),
    /// `@media condition { … }`
    Media(String, Vec<Rule>),
    /// Any other at-rule, by its name.
    At(String),
}

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    /// What stands before the brace.
    pub(crate) selector: String,
    /// What stands in it.
    pub(crate) declarations: Vec<Declaration>,
}

/// `name: value`, the name in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Declaration {
    pub(crate) name: String,
    pub(crate) value: String,
}

/// A character of the sheet itself, or a whole string in its quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Char(char),
    Text(String),
}

/// Reads a style sheet.
pub(crate) fn parse(text: &str) -> Result<Vec<Item>, CssFault> {
    let pieces = pieces(text)?;
    let mut rest = pieces.as_slice();
    let mut items = Vec::new();
    while let Some(item) = next_item(&mut rest)? {
        items.push(item);
    }
    Ok(items)
}

/// Reads declarations as a `style` attribute holds them.
pub(crate) fn parse_declarations(text: &str) -> Result<Vec<Declaration>, CssFault> {
    let pieces = pieces(text)?;
    if pieces.iter().any(|piece| matches!(piece, Piece::Char('{' | '}'))) {
        return Err(CssFault::Brace);
    }
    declarations(&pieces)
}

fn pieces(text: &str) -> Result<Vec<Piece>, CssFault> {
    let mut pieces = Vec::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '\\' => return Err(CssFault::Escape),
            '<' | '\0' | '\u{fffd}' => return Err(CssFault::Character(c)),
            '/' if rest.as_str().starts_with('*') => {
                let end = rest.as_str().get(1..).and_then(|inner| inner.find("*/")).ok_or(CssFault::Open)?;
                rest = rest.as_str().get(end + 3..).unwrap_or_default().chars();
                pieces.push(Piece::Char(' '));
            }
            '"' | '\'' => {
                let inner = rest.as_str();
                let end = inner.find(c).ok_or(CssFault::Open)?;
                let (string, after) = (inner.get(..end).unwrap_or_default(), inner.get(end + 1..).unwrap_or_default());
                if string.contains(['\n', '\r', '\u{c}']) {
                    return Err(CssFault::Open);
                }
                if let Some(c) = string.chars().find(|c| matches!(c, '\\' | '<' | '\0')) {
                    return Err(if c == '\\' { CssFault::Escape } else { CssFault::Character(c) });
                }
                pieces.push(Piece::Text(format!("{c}{string}{c}")));
                rest = after.chars();
            }
            c => pieces.push(Piece::Char(c)),
        }
    }
    Ok(pieces)
}

fn next_item(rest: &mut &[Piece]) -> Result<Option<Item>, CssFault> {
    while let [Piece::Char(c), after @ ..] = rest
        && c.is_ascii_whitespace()
    {
        *rest = after;
    }
    if rest.is_empty() {
        return Ok(None);
    }
    let ends = |piece: &Piece| matches!(piece, Piece::Char('{' | '}' | ';'));
    let end = rest.iter().position(ends).ok_or(CssFault::Malformed)?;
    let (prelude, after) = rest.split_at(end);
    let prelude = spelled(prelude);
    let at = prelude.strip_prefix('@').map(|rest| {
        let name = rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').next().unwrap_or_default();
        (name.to_ascii_lowercase(), rest.get(name.len()..).unwrap_or_default().trim().to_owned())
    });
    match (after, at) {
        ([Piece::Char(';'), after @ ..], Some((name, _))) => {
            *rest = after;
            Ok(Some(Item::At(name)))
        }
        ([Piece::Char('{'), after @ ..], at) => {
            let end = matching_brace(after)?;
            let (body, after) = after.split_at(end);
            *rest = after.get(1..).unwrap_or_default();
            Ok(Some(match at {
                Some((name, condition)) if name == "media" => Item::Media(condition, rules(body)?),
                Some((name, _)) => Item::At(name),
                None => Item::Rule(Rule { selector: prelude, declarations: declarations(body)? }),
            }))
        }
        ([Piece::Char('}'), ..], _) => Err(CssFault::Brace),
        _ => Err(CssFault::Malformed),
    }
}

/// Rules and nothing else.
fn rules(mut body: &[Piece]) -> Result<Vec<Rule>, CssFault> {
    let mut rules = Vec::new();
    while let Some(item) = next_item(&mut body)? {
        match item {
            Item::Rule(rule) => rules.push(rule),
            Item::Media(..) | Item::At(_) => return Err(CssFault::Nested),
        }
    }
    Ok(rules)
}

/// Where the brace that is open is closed.
fn matching_brace(pieces: &[Piece]) -> Result<usize, CssFault> {
    let mut depth = 0_usize;
    for (at, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Char('{') => depth += 1,
            Piece::Char('}') if depth == 0 => return Ok(at),
            Piece::Char('}') => depth -= 1,
            _ => {}
        }
    }
    Err(CssFault::Brace)
}

fn declarations(body: &[Piece]) -> Result<Vec<Declaration>, CssFault> {
    if body.iter().any(|piece| matches!(piece, Piece::Char('{' | '}'))) {
        return Err(CssFault::Nested);
    }
    let mut found = Vec::new();
    for one in body.split(|piece| *piece == Piece::Char(';')) {
        let text = spelled(one);
        if text.is_empty() {
            continue;
        }
        let (name, value) = text.split_once(':').ok_or(CssFault::Malformed)?;
        let (name, value) = (name.trim().to_ascii_lowercase(), value.trim().to_owned());
        let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if !is_name || value.is_empty() {
            return Err(CssFault::Malformed);
        }
        found.push(Declaration { name, value });
    }
    Ok(found)
}

fn spelled(pieces: &[Piece]) -> String {
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Piece::Char(c) if c.is_ascii_whitespace() => text.push(' '),
            Piece::Char(c) => text.push(*c),
            Piece::Text(string) => text.push_str(string),
        }
    }
    text.trim().to_owned()
}

/// Functions that name no address and run nothing.
const FUNCTIONS: &[&str] = &[
    "blur",
    "brightness",
    "calc",
    "clamp",
    "color",
    "color-mix",
    "contrast",
    "cubic-bezier",
    "drop-shadow",
    "grayscale",
    "hsl",
    "hsla",
    "hue-rotate",
    "hwb",
    "invert",
    "lab",
    "lch",
    "matrix",
    "max",
    "min",
    "oklab",
    "oklch",
    "opacity",
    "rgb",
    "rgba",
    "rotate",
    "saturate",
    "scale",
    "scalex",
    "scaley",
    "sepia",
    "skewx",
    "skewy",
    "steps",
    "translate",
    "translatex",
    "translatey",
    "var",
];

/// Whether a value can do nothing but look: known functions, no address but one within the document (`url(#id)`).
pub(crate) fn is_inert(value: &str) -> bool {
    let allowed = |c: char| c.is_alphanumeric() || " #%.,()+-*/!_'\"\t\n\r".contains(c);
    if !value.chars().all(allowed) || value.contains("/*") {
        return false;
    }
    let lower = value.to_ascii_lowercase();
    let mut rest = lower.as_str();
    while let Some((before, after)) = rest.split_once('(') {
        let start = before.rfind(|c: char| !c.is_ascii_alphanumeric() && c != '-').map_or(0, |at| at + 1);
        let inert = match before.get(start..).unwrap_or_default() {
            "" => true, // grouping
            "url" => is_local_address(after.split(')').next().unwrap_or_default()),
            name => FUNCTIONS.contains(&name),
        };
        if !inert {
            return false;
        }
        rest = after;
    }
    true
}

/// `#id`, in quotes or without.
fn is_local_address(text: &str) -> bool {
    let text = text.trim();
    let bare = ['"', '\''].into_iter().find_map(|quote| text.strip_prefix(quote)?.strip_suffix(quote)).unwrap_or(text);
    let id = bare.trim().strip_prefix('#');
    id.is_some_and(|id| !id.is_empty() && id.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(selector: &str, declarations: &[(&str, &str)]) -> Rule {
        let one = |(name, value): &(&str, &str)| Declaration { name: (*name).to_owned(), value: (*value).to_owned() };
        Rule { selector: selector.to_owned(), declarations: declarations.iter().map(one).collect() }
    }

    #[test]
    fn sheets_are_taken_apart() {
        let sheet = "/* a { */ .a , .b:hover{ Color : RED; ; border: 1px solid /* x */ #fff }\n\
                     @media (prefers-color-scheme: dark) { .a { color: #000 } } @import 'x'; @font-face { src: y }";
        let expected = vec![
            Item::Rule(rule(".a , .b:hover", &[("color", "RED"), ("border", "1px solid   #fff")])),
            Item::Media("(prefers-color-scheme: dark)".to_owned(), vec![rule(".a", &[("color", "#000")])]),
            Item::At("import".to_owned()),
            Item::At("font-face".to_owned()),
        ];
        assert_eq!(parse(sheet), Ok(expected));
        let strings = parse(".a { font-family: \"a;}b\" , 'c' }");
        assert_eq!(strings, Ok(vec![Item::Rule(rule(".a", &[("font-family", "\"a;}b\" , 'c'")]))]));
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for (sheet, fault) in [
            (".a { color: red } }", CssFault::Brace),
            (".a { color: red", CssFault::Brace),
            (".a { b { color: red } }", CssFault::Nested),
            (".a { color }", CssFault::Malformed),
            (".a { color: }", CssFault::Malformed),
            (".a", CssFault::Malformed),
            (".a ; .b { }", CssFault::Malformed),
            (".a { color: \\72 ed }", CssFault::Escape),
            (".a { font-family: '\\27' }", CssFault::Escape),
            (".a { /* }", CssFault::Open),
            (".a { font-family: 'x }", CssFault::Open),
            (".a { font-family: 'x\n' }", CssFault::Open),
            ("<!-- .a { } -->", CssFault::Character('<')),
            (".a { font-family: '</style>' }", CssFault::Character('<')),
            ("@media print { @import 'x'; }", CssFault::Nested),
        ] {
            assert_eq!(parse(sheet), Err(fault), "{sheet}");
        }
        assert_eq!(parse_declarations("color: red } .b { color: blue"), Err(CssFault::Brace));
    }

    #[test]
    fn values_only_look() {
        for inert in [
            "#fff",
            "1px solid rgba(0, 0, 0, .5)",
            "url(#a)",
            "url( '#a-1' )",
            "calc((1px + 2%) * 3)",
            "red !important",
        ] {
            assert!(is_inert(inert), "{inert}");
        }
        for active in [
            "url(x)",
            "url()",
            "url(//evil.example/x)",
            "URL('https://evil.example/x')",
            "url(#a) url(x)",
            "url(\"#a\" \"x)",
            "u/**/rl(x)",
            "image-set('x' 1x)",
            "expression(alert(1))",
            "javascript:alert(1)",
            "src('x')",
            "attr(x)",
            "element(#a)",
            "@import",
            "red;}",
            "a{b",
            "<b>",
        ] {
            assert!(!is_inert(active), "{active}");
        }
    }
}
