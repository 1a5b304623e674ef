//! Every sample in every language, read by a strict little parser: what the pages promise holds for all of them.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod html;

use std::collections::HashSet;

use hosted_ui::samples::{frame, long_look, look, samples, samples_with};
use hosted_ui::{Language, LanguageLink, Page, assets, render};

use html::{Element, parse};

fn every(mut check: impl FnMut(&str, &[Element])) {
    for sample in samples() {
        for language in Language::all() {
            for look in [look(), long_look()] {
                let html = render(&sample.page, &look, language, &frame("/assets/x"));
                let name = format!("{} in {}", sample.name, language.tag);
                check(&name, &parse(&html).unwrap_or_else(|error| panic!("{name}: {error}\n{html}")));
            }
        }
    }
}

fn having<'a>(page: &'a [Element], tag: &'a str) -> impl Iterator<Item = &'a Element> {
    page.iter().filter(move |element| element.tag == tag)
}

#[test]
fn samples_have_names_of_their_own_and_show_every_page() {
    let all = samples();
    let names: HashSet<_> = all.iter().map(|sample| sample.name).collect();
    assert_eq!(names.len(), all.len());
    let kinds: HashSet<_> = all.iter().map(|sample| std::mem::discriminant(&sample.page)).collect();
    assert_eq!(kinds.len(), Page::KINDS, "a page without a sample");
}

#[test]
fn nothing_is_inline() {
    every(|name, page| {
        for element in page {
            assert!(element.tag != "style", "{name}: a style element");
            assert!(element.tag != "script" || element.get("src").is_some(), "{name}: an inline script");
            for (attribute, value) in &element.attributes {
                assert!(attribute != "style", "{name}: style on {}", element.tag);
                assert!(!attribute.starts_with("on"), "{name}: {attribute} on {}", element.tag);
                assert!(!value.trim_start().starts_with("javascript:"), "{name}: {value}");
            }
        }
    });
}

#[test]
fn ids_are_unique_and_what_points_to_one_finds_it() {
    every(|name, page| {
        let mut ids = HashSet::new();
        for id in page.iter().filter_map(|element| element.get("id")) {
            assert!(ids.insert(id), "{name}: {id} twice");
        }
        for element in page {
            for attribute in ["for", "aria-describedby", "aria-controls", "aria-labelledby"] {
                for id in element.get(attribute).unwrap_or_default().split_whitespace() {
                    assert!(ids.contains(id), "{name}: {attribute} names {id}, which is not there");
                }
            }
            if let Some(id) = element.get("href").and_then(|href| href.strip_prefix('#')) {
                assert!(ids.contains(id), "{name}: a link to {id}, which is not there");
            }
        }
    });
}

#[test]
fn every_input_has_a_label_and_the_right_token() {
    let tokens = [
        "username",
        "email",
        "tel",
        "current-password",
        "new-password",
        "one-time-code",
        "name",
        "given-name",
        "family-name",
        "additional-name",
        "nickname",
        "bday",
        "sex",
        "language",
        "url",
        "photo",
        "off",
    ];
    every(|name, page| {
        let labelled: HashSet<_> = having(page, "label").filter_map(|label| label.get("for")).collect();
        for input in having(page, "input").filter(|input| input.get("type") != Some("hidden")) {
            let hidden = input.get("hidden").is_some();
            assert!(hidden || labelled.contains(input.get("id").unwrap()), "{name}: {input:?} has no label");
            let token = input.get("autocomplete");
            let radio = input.get("type") == Some("radio");
            assert!(radio || tokens.contains(&token.unwrap_or("none")), "{name}: {token:?}");
            let wanted = match (input.get("type").unwrap(), input.get("name")) {
                ("password", _) => &["current-password", "new-password"][..],
                (_, Some("code")) => &["one-time-code"],
                ("email", _) => &["email", "username"],
                _ => continue,
            };
            assert!(wanted.contains(&token.unwrap()), "{name}: {input:?}");
        }
    });
}

#[test]
fn every_form_carries_csrf_and_state_and_posts() {
    let mut forms = 0;
    every(|name, page| {
        let count = having(page, "form").count();
        forms += count;
        assert!(having(page, "form").all(|form| form.get("method") == Some("post")), "{name}");
        assert!(having(page, "form").all(|form| !form.get("action").unwrap().is_empty()), "{name}");
        for field in ["csrf", "state"] {
            let carried = having(page, "input")
                .filter(|input| input.get("name") == Some(field) && input.get("type") == Some("hidden"))
                .filter(|input| input.get("value").is_some_and(|value| !value.is_empty()));
            assert_eq!(carried.count(), count, "{name}: {field}");
        }
    });
    assert!(forms > 50, "{forms}");
}

#[test]
fn documents_say_language_direction_title_and_brand() {
    for sample in samples() {
        for language in Language::all() {
            let html = render(&sample.page, &look(), language, &frame("/assets/x"));
            let page = parse(&html).unwrap();
            let root = &page[0];
            assert_eq!((root.tag.as_str(), root.get("lang")), ("html", Some(language.tag)));
            assert_eq!(root.get("dir"), Some(language.direction.as_str()));
            let title = &having(&page, "title").next().unwrap().text;
            assert!(title.ends_with(" · Acme"), "{title}");
            assert_eq!(having(&page, "h1").count(), 1, "{}", sample.name);
            assert_eq!(having(&page, "main").count(), 1);
            let alerts =
                having(&page, "div").filter(|one| one.get("role") == Some("alert") && one.get("autofocus").is_some());
            let broken = !sample.page.problems().is_empty();
            assert_eq!(alerts.count(), usize::from(broken), "{}: the summary takes the focus", sample.name);
            let focused = page.iter().filter(|one| one.get("autofocus").is_some()).count();
            assert!(focused <= 1, "{}: one focus", sample.name);
        }
    }
}

#[test]
fn no_placeholder_is_left_and_no_comment() {
    every(|name, page| {
        for element in page.iter().filter(|element| element.tag != "path") {
            assert!(!element.text.contains('{'), "{name}: {}", element.text);
            for (attribute, value) in &element.attributes {
                assert!(attribute == "data-text" || !value.contains('{'), "{name}: {attribute}={value}");
            }
        }
    });
}

#[test]
fn what_was_typed_stays_but_no_password_does() {
    every(|name, page| {
        for input in having(page, "input").filter(|input| input.get("type") == Some("password")) {
            assert!(input.get("value").is_none(), "{name}");
        }
    });
    let wrong = samples().into_iter().find(|sample| sample.name == "sign-in-wrong").unwrap();
    let html = render(&wrong.page, &look(), Language::english(), &frame("/a"));
    assert!(html.contains("value=\"ada@example.com\""));
}

#[test]
fn errors_stand_at_their_fields() {
    for sample in samples() {
        let html = render(&sample.page, &look(), Language::english(), &frame("/a"));
        let page = parse(&html).unwrap();
        let named = sample.page.problems().iter().filter_map(|problem| problem.field.as_deref());
        for field in named.filter(|field| *field != "choice") {
            let input = having(&page, "input").find(|input| input.get("name") == Some(field));
            let input = input.unwrap_or_else(|| panic!("{}: no field {field}", sample.name));
            assert_eq!(input.get("aria-invalid"), Some("true"), "{} {field}", sample.name);
            let described = input.get("aria-describedby").unwrap();
            assert!(described.split(' ').any(|id| id.ends_with("-error")), "{} {field}", sample.name);
        }
    }
}

#[test]
fn an_srp_only_form_cannot_post_a_password() {
    let only = samples().into_iter().find(|sample| sample.name == "sign-in-srp-only").unwrap();
    let page = parse(&render(&only.page, &look(), Language::english(), &frame("/a"))).unwrap();
    let password = having(&page, "input").find(|input| input.get("type") == Some("password")).unwrap();
    assert_eq!(password.get("name"), None);
    let warns = page.iter().any(|element| element.get("class") == Some("alert scriptless"));
    assert!(warns, "and says so where no script proves it");
    let usual = samples().into_iter().find(|sample| sample.name == "sign-in").unwrap();
    let page = parse(&render(&usual.page, &look(), Language::english(), &frame("/a"))).unwrap();
    assert!(having(&page, "input").any(|input| input.get("name") == Some("password")));
}

/// Hostile text in every text of a page: samples are made with it in all places.
#[test]
fn hostile_text_stays_text() {
    const EVIL: &str = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{brand}<!-- </title></style>";
    let mut seen = 0;
    for sample in samples_with(&|_| EVIL.to_owned()) {
        let mut look = long_look();
        look.name = EVIL.to_owned();
        look.links = vec![hosted_ui::FooterLink { label: EVIL.to_owned(), href: EVIL.to_owned() }];
        let mut frame = frame("/a");
        frame.request_id = EVIL.to_owned();
        frame.languages = vec![
            LanguageLink { tag: "en".to_owned(), href: EVIL.to_owned() },
            LanguageLink { tag: "ar-XB".to_owned(), href: EVIL.to_owned() },
        ];
        for language in Language::all() {
            let html = render(&sample.page, &look, language, &frame);
            let parsed = parse(&html).unwrap_or_else(|error| panic!("{}: {error}\n{html}", sample.name));
            assert_eq!(having(&parsed, "img").count(), 0, "{}", sample.name);
            assert!(having(&parsed, "script").all(|script| script.get("src") == Some("/a/island.js")));
            assert!(parsed.iter().all(|one| one.attributes.iter().all(|(name, _)| !name.starts_with("on"))));
            seen += parsed.iter().filter(|one| one.text.contains("alert(1)")).count();
        }
    }
    assert!(seen > 200, "the hostile text must be on the pages at all: {seen}");
}

#[test]
fn the_sign_in_page_fits_in_one_round_trip() {
    let brotli = |bytes: &[u8]| {
        let mut out = Vec::new();
        let settings = brotli::enc::BrotliEncoderParams { quality: 11, ..Default::default() };
        brotli::BrotliCompress(&mut &bytes[..], &mut out, &settings).unwrap();
        out.len()
    };
    let style = brotli(assets().iter().find(|asset| asset.name == "style.css").unwrap().bytes);
    for sample in samples().iter().filter(|sample| matches!(sample.page, Page::SignIn(_))) {
        for language in Language::all() {
            let page = brotli(render(&sample.page, &look(), language, &frame("/assets/x")).as_bytes());
            assert!(page + style <= 14_000, "{}: {page} + {style} bytes", sample.name);
        }
    }
}

#[test]
fn rendering_is_pure() {
    for sample in samples() {
        let once = render(&sample.page, &look(), Language::english(), &frame("/a"));
        assert_eq!(once, render(&sample.page, &look(), Language::english(), &frame("/a")), "{}", sample.name);
    }
}

#[test]
fn debug_hides_secrets() {
    let all = format!("{:?}", samples());
    assert!(!all.contains("c3JmLXRva2Vu") && !all.contains("sealed.AAEC") && !all.contains("JBSWY3DP"));
}
