use leptos::prelude::*;

use super::{Drawn, Page};
use crate::message::{Message, Problem};
use crate::page::{Field, FormState, PasswordRules, UsernameKind};
use crate::parts::{RenderContext, attribute_field, form, heading, new_password, primary, summary, username_field};
use crate::samples::{Sample, Text, form_state, rules};

/// Fields: `username` (where `username` is given), the attributes by name, `password`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignUp {
    /// The form.
    pub form: FormState,
    /// What users sign in with; with `Email`, `Phone` or `EmailOrPhone` the field `username` takes that, and
    /// `fields` should not ask for it again.
    pub kind: UsernameKind,
    /// What was typed before.
    pub username: String,
    /// The pool's required attributes.
    pub fields: Vec<Field>,
    /// The policy.
    pub rules: PasswordRules,
    /// What went wrong.
    pub problems: Vec<Problem>,
    /// The sign-in page.
    pub sign_in: String,
}

pub(super) fn draw(context: RenderContext<'_>, page: &SignUp) -> Drawn {
    let words = context.words();
    let fields: Vec<_> = page.fields.iter().map(|field| attribute_field(context, field, false)).collect();
    let content = view! {
        {username_field(context, page.kind, &page.username, true, true)}
        {fields}
        {new_password(context, &words.password, &page.rules)}
        {primary(&words.sign_up_button, &words.sign_up_busy)}
    };
    let content = view! {
        {heading(&context.branded(&words.sign_up_heading))}
        {summary(context)}
        {form(context, &page.form, None, content.into_any())}
        <p class="on">
            <span>{words.have_account.clone()}</span>
            " "
            <a href=page.sign_in.clone()>{words.sign_in_link.clone()}</a>
        </p>
    };
    Drawn::with_form(&words.sign_up_title, content.into_any())
}

pub(super) fn samples(t: Text<'_>) -> Vec<Sample> {
    let many = [
        "email",
        "phone_number",
        "name",
        "given_name",
        "family_name",
        "middle_name",
        "nickname",
        "preferred_username",
        "profile",
        "picture",
        "website",
        "gender",
        "birthdate",
        "zoneinfo",
        "locale",
        "address",
        "custom:team-size",
    ];
    vec![
        Sample { name: "sign-up", page: Page::SignUp(sign_up(t)) },
        Sample {
            name: "sign-up-errors",
            page: Page::SignUp(SignUp {
                username: t("ada@"),
                problems: vec![
                    Problem::of_field("username", Message::EmailInvalid),
                    Problem::of_field(t("given_name"), Message::FieldRequired(t("First name"))),
                    Problem::of_field("password", Message::PasswordPolicy),
                    Problem::of_form(Message::Foreign(t("PreSignUp failed with error: only staff may join."))),
                ],
                ..sign_up(t)
            }),
        },
        Sample {
            name: "sign-up-many-fields",
            page: Page::SignUp(SignUp {
                kind: UsernameKind::Username,
                fields: many.into_iter().map(|name| Field::required(t(name))).collect(),
                rules: PasswordRules { length: 12, history: 5, ..rules() },
                ..sign_up(t)
            }),
        },
    ]
}

fn sign_up(t: Text<'_>) -> SignUp {
    SignUp {
        form: form_state(t, "/signup"),
        kind: UsernameKind::Email,
        username: t(""),
        fields: vec![Field::required(t("given_name")), Field::required(t("family_name"))],
        rules: rules(),
        problems: Vec::new(),
        sign_in: t("/login"),
    }
}
