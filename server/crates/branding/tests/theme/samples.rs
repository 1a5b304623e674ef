//! The sample brands: whole documents, readable, and on every page.

use hosted_ui::samples::{frame, samples};
use hosted_ui::{Ground, Language, Look, Scheme, render};
use latchkey_branding::theme::SAMPLES;

use super::attacks::tree;
use super::css::read;
use crate::html::parse;

/// The names of all members.
fn shape(value: &serde_json::Value, path: &str, into: &mut Vec<String>) {
    into.push(path.to_owned());
    for (name, value) in value.as_object().into_iter().flatten() {
        shape(value, &format!("{path}.{name}"), into);
    }
}

#[test]
fn their_documents_have_the_published_shape() {
    let (mut published, mut own) = (Vec::new(), Vec::new());
    shape(&tree(), "", &mut published);
    for sample in SAMPLES {
        own.clear();
        shape(&sample.document(), "", &mut own);
        assert_eq!(own, published, "{}", sample.slug);
    }
}

#[test]
fn all_is_readable_and_small() {
    for sample in SAMPLES {
        let brand = sample.theme("/brand", Scheme::System);
        assert_eq!(brand.notes, [], "{}", sample.slug);
        read(&brand.style).unwrap();
        assert_eq!(brand.look.ground, Ground::Picture);
        assert!(!brand.look.favicons.is_empty(), "{}", sample.slug);
        assert_eq!(sample.assets().len(), sample.files.len(), "each name says a category, a mode and an extension");
        for asset in sample.assets() {
            assert!(asset.size.is_some_and(|(width, height)| width > 0 && height > 0), "{asset:?}");
        }
        for file in sample.files {
            assert!(file.bytes.len() < 24_000, "{}", file.name);
        }
    }
}

#[test]
fn every_page_wears_them() {
    let mut named = 0;
    for sample in SAMPLES {
        for scheme in [Scheme::System, Scheme::Light, Scheme::Dark] {
            let brand = sample.theme("/brand", scheme);
            let look = Look { brand_style: Some("/brand/brand.css".to_owned()), ..brand.look };
            for page in samples() {
                for language in Language::all() {
                    let html = render(&page.page, &look, language, &frame("/assets/x"));
                    let elements = parse(&html).unwrap_or_else(|fault| panic!("{}: {fault}", page.name));
                    let count = |tag: &str| elements.iter().filter(|one| one.tag == tag).count();
                    assert_eq!((count("main"), count("h1")), (1, 1), "{}", page.name);
                    assert!(count("header") <= 1 && count("footer") <= 1, "{}", page.name);
                    let alt = |one: &&crate::html::Element| one.tag == "img" && one.get("alt") == Some(sample.name);
                    assert_eq!(elements.iter().filter(alt).count(), 1, "{}: the brand is named once", page.name);
                    named += 1;
                }
            }
        }
    }
    assert!(named > 500, "{named}");
}

/// The files that pages load, and every page: none names our product.
#[test]
fn nothing_names_us() {
    let names_us = |text: &str| text.to_ascii_lowercase().contains("latchkey");
    assert!(names_us("a LatchKey"));
    for asset in hosted_ui::assets() {
        assert!(!names_us(&String::from_utf8_lossy(asset.bytes)), "{}", asset.name);
    }
    for sample in SAMPLES {
        let brand = sample.theme("/brand", Scheme::System);
        assert!(!names_us(&brand.style));
        for page in samples() {
            for language in Language::all() {
                let html = render(&page.page, &brand.look, language, &frame("/assets/x"));
                assert!(!names_us(&html), "{} in {}", page.name, language.tag);
            }
        }
    }
}
