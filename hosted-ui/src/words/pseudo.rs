//! A right-to-left pseudo-language: English, mirrored. It shows a layout's faults to people who read no Arabic, and
//! any text that does not come from the words.

use super::Words;

/// Right-to-left mark and override around each word, as Android's `ar-XB` does it; placeholders keep their
/// spelling, and what fills them keeps its own direction.
pub(super) fn derive_bidi(base: &Words) -> Words {
    base.map(|_, text| text.split(' ').map(mirror).collect::<Vec<_>>().join(" "))
}

fn mirror(word: &str) -> String {
    let mut out = String::new();
    let mut rest = word;
    while let Some((before, after)) = rest.split_once('{') {
        wrap(before, &mut out);
        let (key, tail) = after.split_once('}').unwrap_or((after, ""));
        // First-strong isolate: the value decides its own direction.
        out.push_str("\u{2068}{");
        out.push_str(key);
        out.push_str("}\u{2069}");
        rest = tail;
    }
    wrap(rest, &mut out);
    out
}

fn wrap(plain: &str, out: &mut String) {
    if !plain.is_empty() {
        out.push_str("\u{200f}\u{202e}");
        out.push_str(plain);
        out.push_str("\u{202c}\u{200f}");
    }
}
