//! The classic customization on our selectors.

use hosted_ui::Scheme;
use latchkey_branding::theme::classic_theme;
use latchkey_branding::{ClassicLogo, PICTURES};
use protocol::idp::AssetExtensionType;

/// Every class as Cognito's template has it, with other values.
const CSS: &str = "
.logo-customizable { max-width: 60%; max-height: 30%; background-color: #ffffff; }
.banner-customizable { padding: 25px 0px 25px 0px; background-color: lightgray; }
.label-customizable { font-weight: 400; color: rgb(10, 20, 30); }
.textDescription-customizable { padding-top: 10px; padding-bottom: 10px; display: block; font-size: 16px; }
.idpDescription-customizable { padding-top: 10px; padding-bottom: 10px; display: block; font-size: 16px; }
.legalText-customizable { color: #747474; font-size: 11px; }
.submitButton-customizable { font-size: 14px; font-weight: bold; margin: 20px 0px 10px 0px; height: 40px; width: 100%; color: #ffffff; background-color: #337ab7; }
.submitButton-customizable:hover { color: #fff; background-color: #286090; }
.errorMessage-customizable { padding: 5px; font-size: 14px; width: 100%; background: #F5F5F5; border: 2px solid #D64958; color: #D64958; }
.inputField-customizable { width: 100%; height: 34px; color: #555; background-color: #fff; border: 1px solid #ccc; }
.inputField-customizable:focus { border-color: #66afe9; outline: 0; }
.idpButton-customizable { height: 40px; width: 100%; text-align: left; margin-bottom: 15px; color: #fff; background-color: #5bc0de; border-color: #46b8da; }
.idpButton-customizable:hover { color: #fff; background-color: #31b0d5; }
.socialButton-customizable { height: 40px; text-align: left; width: 100%; margin-bottom: 15px; }
.redirect-customizable { text-align: center; }
.passwordCheck-notValid-customizable { color: #DF3312; }
.passwordCheck-valid-customizable { color: #19BF00; }
.background-customizable { background-color: #faf8f5; }
";

#[test]
fn every_class_lands_on_our_pages() {
    let logo = ClassicLogo { hash: "logo".to_owned(), extension: AssetExtensionType::Png, size: (350, 178) };
    let brand = classic_theme("Acme", CSS, Some(&logo), PICTURES);
    let lines = [
        ".card .logo,.brand .logo{max-inline-size:min(100%,60%);background-color:#ffffff;}",
        ".brand{padding:25px 0px 25px 0px;background-color:lightgray;}",
        "label,legend{font-weight:400;color:rgb(10, 20, 30);}",
        ".lead{padding-block-start:10px;padding-block-end:10px;display:block;font-size:16px;}",
        ".primary:hover{color:#fff;background-color:#286090;}",
        ".input{inline-size:100%;max-inline-size:100%;min-block-size:max(44px,34px);color:#555;background-color:#fff;border:1px solid #ccc;}",
        ".input:focus-within{border-color:#66afe9;}",
        ".on{text-align:center;justify-content:center;}",
        ".rules [data-met]{color:#19bf00;}",
        ":root{--card:#faf8f5;}",
    ];
    for line in lines {
        assert!(brand.style.lines().any(|known| known == line), "{line}\n{}", brand.style);
    }
    assert_eq!(brand.style.lines().count(), 18, "{}", brand.style);
    assert_eq!(brand.look.scheme, Scheme::Light);
    let image = brand.look.logo.map(|logo| (logo.image.src, logo.image.size));
    assert_eq!(image, Some(("/brand/logo.png".to_owned(), (350, 178))));
    let said: Vec<_> = brand.notes.iter().map(ToString::to_string).collect();
    assert!(said.iter().any(|note| note.starts_with(".idpButton-customizable color: #ffffff on #5bc0de")), "{said:?}");
}

#[test]
fn what_is_no_rule_of_a_class_is_not_written() {
    for css in [
        ".primary{display:none}",
        "@import url(//evil.example/x.css);",
        "@media print{.label-customizable{color:red}}",
        ".label-customizable{background:url(//evil.example/)}",
        ".label-customizable{color:expression(alert(1))}",
        ".label-customizable{color:red\\;}",
        ".label-customizable{color:\"red\"}",
        ".label-customizable{color:var(--x)}",
        ".label-customizable{color:rgb(1,2,3}",
        ".label-customizable{color:</style>}",
        ".label-customizable{position:fixed}",
        ".label-customizable body{color:red}",
        ".label-customizable,body{color:red}",
        ".label-customizable:hover{color:red}",
        ".evil-customizable{color:red}",
        ".inputField-customizable{height:100%;outline:none}",
        ".textDescription-customizable{display:none}",
        "}}{{;;::",
        "/* .label-customizable{ */",
    ] {
        assert_eq!(classic_theme("Acme", css, None, PICTURES).style, "", "{css}");
    }
}
