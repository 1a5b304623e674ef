//! A reader for the style sheets of brands that takes nothing but what they may hold.

use std::collections::BTreeMap;

/// The properties of `:root` by media query (empty for all).
pub(crate) type Sheet = BTreeMap<String, BTreeMap<String, String>>;

/// Reads a sheet of custom properties, or says what does not belong there.
pub(crate) fn read(text: &str) -> Result<Sheet, String> {
    let mut sheet = Sheet::new();
    for line in text.lines() {
        let (media, rule) = match line.strip_prefix("@media (prefers-color-scheme:") {
            Some(rest) => {
                let (mode, rest) = rest.split_once("){").ok_or("a media query without end")?;
                (mode, rest.strip_suffix('}').ok_or("a media query that is not closed")?)
            }
            None => ("", line),
        };
        if !["", "light", "dark"].contains(&media) {
            return Err(format!("a media query of {media:?}"));
        }
        let body = rule.strip_prefix(":root{").and_then(|rest| rest.strip_suffix(";}")).ok_or("no rule of :root")?;
        for line in body.split(';') {
            let (property, value) = line.split_once(':').ok_or("no declaration")?;
            let is_name = |byte: u8| byte.is_ascii_lowercase() || byte == b'-';
            if !property.starts_with("--") || !property.bytes().all(is_name) {
                return Err(format!("a property called {property:?}"));
            }
            if !is_value(value) {
                return Err(format!("{property} is {value:?}"));
            }
            sheet.entry(media.to_owned()).or_default().insert(property.to_owned(), value.to_owned());
        }
    }
    Ok(sheet)
}

/// A colour, a number, pixels, a word of ours, or a picture at a plain address.
fn is_value(value: &str) -> bool {
    let is_color = value.strip_prefix('#').is_some_and(|digits| {
        [6, 8].contains(&digits.len()) && digits.bytes().all(|byte| b"0123456789abcdef".contains(&byte))
    });
    let number = value.strip_suffix("px").unwrap_or(value);
    let picture = value.strip_prefix("url(\"").and_then(|rest| rest.strip_suffix("\")"));
    let is_picture = picture.is_some_and(|href| {
        !href.is_empty() && href.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._-~:%?=&".contains(&byte))
    });
    let is_word = ["start", "center", "end", "transparent"].contains(&value);
    is_color || is_picture || is_word || number.parse::<f32>().is_ok_and(|number| (0.0..=999.0).contains(&number))
}

#[test]
fn the_reader_takes_nothing_else() {
    for text in [
        ":root{--a:red;}",
        ":root{color:#ffffff;}",
        ":root{--a:#ffffff;}body{--b:1;}",
        ":root{--a:url(\"x\");--b:url(x);}",
        ":root{--a:1;}}",
        "@import \"x\";",
        "@media print{:root{--a:1;}}",
        ":root{--a:url(\"x\");background:url(\"y\");}",
    ] {
        assert!(read(text).is_err(), "{text}");
    }
    assert!(
        read(":root{--a:#ffffff;--b:12px;}\n@media (prefers-color-scheme:dark){:root{--c:url(\"/a.svg\");}}").is_ok()
    );
}
