//! The style sheet of the classic pages: which classes may be styled, and which of their properties show.

use std::fmt::Write as _;

use domain::{BrandingFault, Error, Result};

use crate::css::{self, Item};

const TEXT: &[&str] = &["padding-top", "padding-bottom", "display", "font-size", "color"];

/// The classes and their properties.
const CLASSES: &[(&str, &[&str])] = &[
    (".logo-customizable", &["max-width", "max-height", "background-color"]),
    (".banner-customizable", &["padding", "background-color"]),
    (".label-customizable", &["font-weight", "color"]),
    (".textDescription-customizable", TEXT),
    (".idpDescription-customizable", TEXT),
    (".legalText-customizable", &["color", "font-size"]),
    (
        ".submitButton-customizable",
        &["font-size", "font-weight", "margin", "width", "height", "color", "background-color"],
    ),
    (".submitButton-customizable:hover", &["color", "background-color"]),
    (
        ".errorMessage-customizable",
        &["margin", "padding", "font-size", "width", "background", "border", "color", "box-sizing"],
    ),
    (".inputField-customizable", &["width", "height", "color", "background-color", "border"]),
    (".inputField-customizable:focus", &["border-color", "outline"]),
    (
        ".idpButton-customizable",
        &["height", "width", "text-align", "margin-bottom", "color", "background-color", "border-color"],
    ),
    (".idpButton-customizable:hover", &["color", "background-color"]),
    (".socialButton-customizable", &["height", "text-align", "width", "margin-bottom", "border-radius", "padding"]),
    (".redirect-customizable", &["text-align"]),
    (".passwordCheck-notValid-customizable", &["color"]),
    (".passwordCheck-valid-customizable", &["color"]),
    (".background-customizable", &["background-color"]),
];

/// Whether the service would take this style sheet: its own classes only, and nothing in a value that imports, runs
/// or ends the sheet. Other properties are taken and do nothing.
///
/// # Errors
/// [`BrandingFault::Css`], [`BrandingFault::CssSelector`], [`BrandingFault::CssForbidden`]
pub fn check_classic_css(text: &str) -> Result<()> {
    let items = css::parse(text).map_err(BrandingFault::Css)?;
    for item in &items {
        let rule = match item {
            Item::Rule(rule) => rule,
            Item::Media(..) => return Err(forbidden("@media")),
            Item::At(name) => return Err(forbidden(&format!("@{name}"))),
        };
        for selector in rule.selector.split(',').map(str::trim) {
            if properties_of(selector).is_none() {
                return Err(BrandingFault::CssSelector { selector: selector.to_owned() }.into());
            }
        }
        for one in &rule.declarations {
            let value = one.value.to_ascii_lowercase();
            let words = ["@import", "@supports", "@page", "@media", "javascript:", "expression(", "<", "behavior"];
            if let Some(word) = words.into_iter().find(|word| value.contains(word) || one.name == *word) {
                return Err(forbidden(word));
            }
        }
    }
    Ok(())
}

/// What of a style sheet the pages show: allowed classes, allowed properties, values that only look. Empty where it
/// can not be read.
pub fn shown_classic_css(text: &str) -> String {
    let mut shown = String::new();
    for item in css::parse(text).unwrap_or_default() {
        let Item::Rule(rule) = item else { continue };
        for selector in rule.selector.split(',').map(str::trim) {
            let Some(properties) = properties_of(selector) else { continue };
            let shows = |one: &&css::Declaration| properties.contains(&one.name.as_str()) && css::is_inert(&one.value);
            let declarations: Vec<_> = rule.declarations.iter().filter(shows).collect();
            if declarations.is_empty() {
                continue;
            }
            let _ = write!(shown, "{selector}{{");
            for one in declarations {
                let _ = write!(shown, "{}:{};", one.name, one.value);
            }
            shown.push_str("}\n");
        }
    }
    shown
}

fn properties_of(selector: &str) -> Option<&'static [&'static str]> {
    CLASSES.iter().find(|(known, _)| *known == selector).map(|(_, properties)| *properties)
}

fn forbidden(word: &str) -> Error {
    BrandingFault::CssForbidden { word: word.to_owned() }.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(selector: &str) -> Result<()> {
        Err(BrandingFault::CssSelector { selector: selector.to_owned() }.into())
    }

    #[test]
    fn every_class_of_the_template_is_taken() {
        let template: String = CLASSES.iter().fold(String::new(), |mut text, (class, properties)| {
            let _ = writeln!(text, "{class} {{");
            for property in *properties {
                let _ = writeln!(text, "\t{property}: 1px;");
            }
            text.push_str("}\n");
            text
        });
        assert_eq!(check_classic_css(&template), Ok(()));
        let squeezed: String = template.chars().filter(|c| !c.is_whitespace()).collect();
        let shown: String = shown_classic_css(&template).chars().filter(|c| !c.is_whitespace()).collect();
        assert_eq!(shown, squeezed);
        assert_eq!(check_classic_css(""), Ok(()));
        assert_eq!(check_classic_css("/* nothing */"), Ok(()));
    }

    #[test]
    fn other_classes_are_refused() {
        for selector in [
            "body",
            "*",
            ".label",
            ".label-customizable:hover",
            ".label-customizable *",
            ".label-customizable > a",
            "a.label-customizable",
            ".label-customizable.x",
            ".LABEL-customizable",
            ":root",
            "",
        ] {
            assert_eq!(check_classic_css(&format!("{selector} {{ color: red }}")), refused(selector));
        }
        let grouped = ".label-customizable, body { color: red }";
        assert_eq!(check_classic_css(grouped), refused("body"));
    }

    /// Each row breaks out of its rule, loads something or runs something, unless it is refused.
    #[test]
    fn nothing_breaks_out() {
        for css in [
            "@import 'https://evil.example/x.css';",
            "@IMPORT url(//evil.example);",
            "@media print { .label-customizable { color: red } }",
            "@supports (x: y) { .label-customizable { color: red } }",
            "@page { margin: 0 }",
            "@font-face { font-family: x; src: url(x) }",
            "@charset 'utf-7';",
            ".label-customizable { color: red } } body { display: none }",
            ".label-customizable { color: red",
            ".label-customizable { color: red; body { display: none } }",
            ".label-customizable { color: \\72 ed }",
            ".label-customizable { color: red; \\7d body { display: none } }",
            ".label-customizable { c\\6flor: red }",
            ".label-customizable { color: 'red\n} body { display: none }'; }",
            ".label-customizable { color: red /* ; }",
            "</style><script>alert(1)</script>",
            ".label-customizable { color: </style><script>alert(1)</script> }",
            ".errorMessage-customizable { background: url(javascript:alert(1)) }",
            ".errorMessage-customizable { width: expression(alert(1)) }",
            ".errorMessage-customizable { behavior: url(x.htc) }",
            ".errorMessage-customizable { background: @import }",
            "<!-- .label-customizable { color: red } -->",
        ] {
            assert!(check_classic_css(css).is_err(), "{css}");
            let shown = shown_classic_css(css).to_lowercase();
            for word in ["body", "@", "<", "\\", "url(", "expression", "javascript", "behavior", "evil"] {
                assert!(!shown.contains(word), "{word} is shown of {css}: {shown}");
            }
        }
    }

    #[test]
    fn what_the_service_takes_but_does_not_show_is_kept_from_the_pages() {
        let css =
            ".errorMessage-customizable { background: url(https://evil.example/x.png); position: fixed; COLOR: Red }
                   .submitButton-customizable , .label-customizable { background: #4f46e5; font-weight: 700 }";
        assert_eq!(check_classic_css(css), Ok(()));
        assert_eq!(
            shown_classic_css(css),
            ".errorMessage-customizable{color:Red;}\n\
             .submitButton-customizable{font-weight:700;}\n\
             .label-customizable{font-weight:700;}\n"
        );
    }
}
