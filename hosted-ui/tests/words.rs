//! Languages agree with English on keys and placeholders, and are chosen as browsers ask.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeSet;

use hosted_ui::Language;
use hosted_ui::words::fill;

fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).map(|part| part.split_once('}').expect("a closed placeholder").0).collect()
}

#[test]
fn every_language_fills_the_same_placeholders() {
    let english = Language::english().words.entries();
    assert!(english.len() > 120);
    for language in Language::all() {
        for ((key, here), (_, there)) in language.words.entries().into_iter().zip(&english) {
            assert!(!here.trim().is_empty(), "{key} in {}", language.tag);
            assert_eq!(placeholders(here), placeholders(there), "{key} in {}", language.tag);
        }
    }
}

#[test]
fn english_is_not_the_pseudo_language() {
    let (english, pseudo) = (Language::english(), Language::find("ar-xb").unwrap());
    for ((key, here), (_, there)) in english.words.entries().into_iter().zip(pseudo.words.entries()) {
        assert_ne!(here, there, "{key}");
        assert!(there.contains('\u{202e}') || there.contains('{'), "{key}");
    }
}

#[test]
fn fill_is_not_fooled() {
    assert_eq!(fill("{a} and {b}", &[("a", "{b}"), ("b", "x")]), "{b} and x");
    assert_eq!(fill("{c} {", &[("a", "1")]), "{c} {");
    assert_eq!(fill("none", &[]), "none");
}

#[test]
fn the_language_asked_for_wins() {
    let choose = |asked: &[&str], accept: &str| Language::choose(asked, accept).tag;
    assert_eq!(choose(&["ar-XB", "en"], "en"), "ar-XB");
    assert_eq!(choose(&["xx", "en-GB"], "de"), "en");
    assert_eq!(choose(&[], "de-AT, en;q=0.5"), "en");
    assert_eq!(choose(&[], "ar, en;q=0"), "en", "a hidden language is found by its full tag alone");
    assert_eq!(choose(&[], "ar-XB;q=0.9, en;q=0.8"), "ar-XB");
    assert_eq!(choose(&[], "ar-XB;q=0.1, en;q=0.8"), "en");
    assert_eq!(choose(&[], ";;q=,,en;q=nonsense,\u{0}"), "en");
}
