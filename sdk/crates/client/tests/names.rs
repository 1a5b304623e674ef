//! The npm package's list of error names is this crate's.
#![allow(clippy::unwrap_used)]

use latchkey_client::Kind;

#[test]
fn the_package_types_exactly_the_names_there_are() {
    let source = include_str!("../../../../pkg/src/errors.ts");
    let list = source.split_once("export type AuthErrorName =").unwrap().1.split_once(';').unwrap().0;
    let typed: Vec<&str> = list.split('"').skip(1).step_by(2).collect();
    let ours: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
    assert_eq!(typed, ours);
}
