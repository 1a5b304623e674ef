//! Colours: what a brand leaves open stays readable, and what it gives is worn as it is and judged.

use hosted_ui::{Scheme, assets};
use latchkey_branding::PICTURES;
use latchkey_branding::theme::{Theme, managed_theme, palette};
use serde_json::{Value, json};

use super::attacks::tree;
use super::css::read;

fn worn(settings: &Value) -> Theme {
    managed_theme("Acme", settings, &[], PICTURES)
}

#[test]
fn without_a_document_the_pages_keep_their_own_look() {
    let brand = worn(&json!({}));
    assert_eq!((brand.style.as_str(), brand.notes.len(), brand.look.scheme), ("", 0, Scheme::System));
    assert_eq!(brand.look.theme_color, Some(("#ffffff".to_owned(), "#171a20".to_owned())));
    assert!(brand.look.header.is_none() && brand.look.footer.is_none() && brand.look.logo.is_none());
}

/// The published default look, in each of its modes.
#[test]
fn a_whole_document_is_worn() {
    for (mode, scheme, medias) in [
        ("LIGHT", Scheme::Light, &[""][..]),
        ("DARK", Scheme::Dark, &[""]),
        ("DYNAMIC", Scheme::System, &["", "dark", "light"]),
    ] {
        let mut settings = tree();
        settings["categories"]["global"]["colorSchemeMode"] = json!(mode);
        let brand = worn(&settings);
        assert_eq!(brand.look.scheme, scheme);
        let sheet = read(&brand.style).unwrap();
        assert_eq!(sheet.keys().collect::<Vec<_>>(), medias);
        let primary = |media: &str| sheet[media].get("--accent").map(String::as_str);
        match scheme {
            Scheme::System => assert_eq!((primary("light"), primary("dark")), (Some("#0972d3"), Some("#539fe5"))),
            Scheme::Light => assert_eq!(primary(""), Some("#0972d3")),
            Scheme::Dark => assert_eq!(primary(""), Some("#539fe5")),
        }
    }
}

#[test]
fn a_document_of_one_mode_means_that_mode() {
    let of = |mode: &str| json!({ "components": { "pageBackground": { mode: { "color": "112233ff" } } } });
    assert_eq!(worn(&of("lightMode")).look.scheme, Scheme::Light);
    assert_eq!(worn(&of("darkMode")).look.scheme, Scheme::Dark);
    let mut both = of("lightMode");
    both["components"]["pageBackground"]["darkMode"] = json!({ "color": "112233ff" });
    assert_eq!(worn(&both).look.scheme, Scheme::System);
    // What is said is said.
    both["categories"]["global"]["colorSchemeMode"] = json!("DARK");
    assert_eq!(worn(&both).look.scheme, Scheme::Dark);
}

#[test]
fn text_that_is_hard_to_read_is_worn_and_told() {
    let settings = json!({ "components": { "primaryButton": { "lightMode": {
        "defaults": { "backgroundColor": "ffe000ff", "textColor": "ffffffff" }
    } } } });
    let brand = worn(&settings);
    assert!(brand.style.contains("--on-accent:#ffffff;"), "{}", brand.style);
    let note = brand.notes.first().unwrap();
    assert_eq!(note.member, "components.primaryButton.lightMode.defaults.textColor");
    assert_eq!((note.given.as_str(), note.ground.as_str(), note.least), ("#ffffff", "#ffe000", 4.5));
    assert!(note.ratio < 1.5, "{note}");
    // What is told would indeed pass.
    let mut mended = settings;
    mended["components"]["primaryButton"]["lightMode"]["defaults"]["textColor"] =
        json!(format!("{}ff", &note.passes[1..]));
    assert!(worn(&mended).notes.iter().all(|note| !note.member.contains("defaults.textColor")));
    assert_eq!(
        note.to_string(),
        format!(
            "{}: #ffffff on #ffe000 has a contrast of 1.31:1, less than 4.5:1; {} would pass",
            note.member, note.passes
        )
    );
}

#[test]
fn what_a_brand_leaves_open_is_made_readable_on_its_grounds() {
    // A dark card in light mode, and a yellow button: nothing is said of any text.
    let settings = json!({ "components": {
        "form": { "lightMode": { "backgroundColor": "101820ff" } },
        "primaryButton": { "lightMode": { "defaults": { "backgroundColor": "ffe000ff" } } }
    } });
    let brand = worn(&settings);
    assert_eq!(brand.notes, [], "the customer gave no text");
    let sheet = read(&brand.style).unwrap();
    for property in ["--ink", "--soft", "--link", "--on-accent", "--bad", "--good"] {
        assert!(sheet[""].contains_key(property), "{property}: {}", brand.style);
    }
    // The page's own ground stays, and so does the text on it: it says what it is, since the form's text is another.
    assert_eq!(sheet[""].get("--page"), None);
}

#[test]
fn translucent_colors_are_judged_on_what_shows_through() {
    let settings = json!({ "components": {
        "pageBackground": { "lightMode": { "color": "000000ff" } },
        "form": { "lightMode": { "backgroundColor": "ffffff10" } },
        "pageText": { "lightMode": { "bodyColor": "222222ff" } }
    } });
    let notes = worn(&settings).notes;
    assert!(notes.iter().any(|note| note.member.ends_with("bodyColor") && note.ground == "#101010"), "{notes:?}");
}

/// The palette that judges is the palette that is drawn.
#[test]
fn the_palette_is_that_of_the_style_sheet() {
    let style = assets().iter().find(|asset| asset.name == "style.css").unwrap();
    let style = std::str::from_utf8(style.bytes).unwrap();
    let palette = palette();
    assert!(palette.len() > 50);
    for (property, value) in palette {
        assert!(style.contains(&format!("\n  {property}: {value};\n")), "{property}: {value}");
        assert!(style.matches(&format!("var({property})")).count() > 0, "nothing wears {property}");
    }
}
