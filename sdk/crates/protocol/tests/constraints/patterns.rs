//! Java's patterns keep their meaning.

use std::collections::BTreeMap;

use latchkey_protocol::samples::{self, Fill};
use latchkey_protocol::{Kind, OPERATIONS, Pattern, Shape};

fn each_pattern(shape: &'static Shape, see: &mut impl FnMut(&'static Shape, &'static Pattern)) {
    match &shape.kind {
        Kind::Structure(members) => members.iter().for_each(|member| each_pattern(member.shape, see)),
        Kind::List(member, _) => each_pattern(member, see),
        Kind::Map(key, of, _) => {
            each_pattern(key, see);
            each_pattern(of, see);
        }
        Kind::Text(_, Some(pattern)) => see(shape, pattern),
        _ => {}
    }
}

#[test]
fn patterns_keep_javas_meaning() {
    let mut all = BTreeMap::new();
    for shape in OPERATIONS.iter().flat_map(|o| [Some(o.input), o.output]).flatten() {
        each_pattern(shape, &mut |shape, pattern| {
            let sample = samples::value(shape, Fill::All);
            assert!(pattern.matches(sample.as_str().unwrap()), "{} has no sample: {sample}", shape.name);
            all.insert(pattern.text, pattern);
        });
    }
    assert!(all.len() > 45, "{}", all.len());
    let pattern = |text: &str| all[text];
    let password = pattern("^[\\S]+.*[\\S]+$");
    for (text, fits) in [
        ("ab", true),
        ("a b", true),
        (" ab", false),
        ("ab ", false),
        ("a", false),
        ("a\nb", false),
        ("a\u{a0}b", true),
        ("\u{a0}x", true),
    ] {
        assert_eq!(password.matches(text), fits, "{text:?}");
    }
    let pool = pattern("[\\w-]+_[0-9a-zA-Z]+");
    for (text, fits) in [("us-east-1_aB3", true), ("é_a", false), ("us-east-1_aB3\n", false), ("x us-east-1_a", false)]
    {
        assert_eq!(pool.matches(text), fits, "{text:?}");
    }
    let name = pattern("[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+");
    for (text, fits) in [("алиса", true), ("a b", false), ("😀", true), ("", false), ("\u{200b}", false)] {
        assert_eq!(name.matches(text), fits, "{text:?}");
    }
    let token = pattern("[A-Za-z0-9-_=.]+");
    for (text, fits) in [("a-b_c=.9", true), ("a+b", false), (":", false), ("[", false)] {
        assert_eq!(token.matches(text), fits, "{text:?}");
    }
    let bucket = "^[0-9A-Za-z\\.\\-_]*(?<!\\.)$";
    let bucket = pattern(bucket);
    for (text, fits) in [("", true), ("a.b", true), ("a.", false), (".", false), (".a", true), ("a b", false)] {
        assert_eq!(bucket.matches(text), fits, "{text:?}");
    }
}
